import type { FailureNote } from '../contract/failure.js';

/** The failures so far, one note for each reason. */
export type FailureTally = FailureNote[];

const IDS = 5;

/** Merges two tallies: adds the counts, and keeps the newest ids and message. */
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
