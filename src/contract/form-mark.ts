import type { Library } from './plan.js';

/**
 * Returns how a run marks its texts. Workers of versions without generations take no part in a run of a later
 * generation, because its mark differs from theirs. `mark`: of the template and the words; null: the sample library's
 * own.
 */
export const formMark = (mark: string | null, generation: number): Pick<Library, 'form'> => {
  if (generation > 1) return { form: `${mark ?? ''}@${generation}` };
  return mark === null ? {} : { form: mark };
};

/** Returns the same library for the run of another generation. */
export function ofGeneration<L extends Partial<Library>>({ form, ...library }: L, generation: number) {
  const mark = form?.replace(/@\d+$/, '') ?? '';
  return { ...library, ...formMark(mark === '' ? null : mark, generation) };
}
