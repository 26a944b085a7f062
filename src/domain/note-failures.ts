import type { FailureNote } from '../contract/failure.js';

export interface FailedSample {
  sampleId: number;
  reason: string;
  message: string;
}

const IDS = 5;
const MESSAGE_CHARACTERS = 200;

/** Returns one note a reason, small enough for a workflow history; empty if nothing failed. */
export function noteFailures(failed: readonly FailedSample[]): { failures?: FailureNote[] } {
  if (failed.length === 0) return {};
  const notes = new Map<string, FailureNote>();
  for (const { sampleId, reason, message } of failed) {
    const note = notes.get(reason) ?? { reason, count: 0, ids: [], message: '' };
    note.count += 1;
    note.ids = [...note.ids, sampleId].slice(-IDS);
    note.message = shorten(message);
    notes.set(reason, note);
  }
  return { failures: [...notes.values()] };
}

const shorten = (text: string): string => {
  const characters = [...text];
  return characters.length <= MESSAGE_CHARACTERS
    ? text
    : `${characters.slice(0, MESSAGE_CHARACTERS - 1).join('')}…`;
};
