import { compactIds } from '../sources/sample-ids.js';

export interface IdSlice {
  /** As compactIds writes them. */
  text: string;
  count: number;
}

/**
 * Ascending ids as selections that a run can carry: its request travels in every word about it, so each text is kept
 * to `maxChars`, however scattered the ids are.
 */
export function idSlices(ids: readonly number[], maxChars = 32_000): IdSlice[] {
  const slices: IdSlice[] = [];
  const cut = (to: number): void =>
    void slices.push({ text: compactIds(ids.slice(from, to)), count: to - from });
  let from = 0;
  let chars = 0;
  for (const [index, id] of ids.entries()) {
    const folds = index > from && id === (ids[index - 1] as number) + 1;
    // A run of ids is written as its first and its last, so what folds costs nothing after its second.
    const grows = folds && index > from + 1 && ids[index - 2] === id - 2 ? 0 : String(id).length + 1;
    if (chars + grows > maxChars && index > from) {
      cut(index);
      from = index;
      chars = 0;
    }
    chars += grows;
  }
  if (from < ids.length) cut(ids.length);
  return slices;
}
