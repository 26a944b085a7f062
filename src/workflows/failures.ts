import type { FailureNote } from '../contract/failure.js';

/** What failed so far, one note a reason. */
export type FailureTally = FailureNote[];

const IDS = 5;

/** Counts of both; ids and message of the newer. */
export function addFailures(tally: FailureTally, more: readonly FailureNote[] | undefined): FailureTally {
  if (more === undefined) return tally;
  const notes = new Map(tally.map((note) => [note.reason, note]));
  for (const note of more) {
    const known = notes.get(note.reason);
    const ids = [...(known?.ids ?? []), ...note.ids].slice(-IDS);
    notes.set(note.reason, { ...note, ids, count: (known?.count ?? 0) + note.count });
  }
  return [...notes.values()];
}
