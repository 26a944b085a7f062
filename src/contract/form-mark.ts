import type { Library } from './plan.js';

/**
 * How a run says whose texts it is of. Workers that know of no generations take no part in one that writes another than the
 * first: to them it is of other texts. `mark`: of the template and the words; null: the sample library's own.
 */
export const formMark = (mark: string | null, generation: number): Pick<Library, 'form'> => {
  if (generation > 1) return { form: `${mark ?? ''}@${generation}` };
  return mark === null ? {} : { form: mark };
};

/** The same library for the run of another generation. */
export function ofGeneration<L extends Partial<Library>>({ form, ...library }: L, generation: number) {
  const mark = form?.replace(/@\d+$/, '') ?? '';
  return { ...library, ...formMark(mark === '' ? null : mark, generation) };
}
