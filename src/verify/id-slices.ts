import { compactIds } from '../sources/sample-ids.js';

export interface IdSlice {
  /** In the form of compactIds. */
  text: string;
  count: number;
}

/**
 * Splits ascending ids into selections that a run can carry. Its request is part of every message about it, so each
 * text has at most `maxChars`, however scattered the ids are.
 */
export function idSlices(ids: readonly number[], maxChars = 32_000): IdSlice[] {
  const slices: IdSlice[] = [];
  const cut = (to: number): void =>
    void slices.push({ text: compactIds(ids.slice(from, to)), count: to - from });
  let from = 0;
  let chars = 0;
  for (const [index, id] of ids.entries()) {
    const folds = index > from && id === (ids[index - 1] as number) + 1;
    // Consecutive ids are written as the first and the last, so those after the second add no characters.
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
