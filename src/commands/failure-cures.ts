import { FailureType } from '../contract/failure.js';
import type { FailureRow } from '../engines/types.js';

/** The cure for rows that fail at every attempt to read them. */
const CORRECT =
  'Unreadable rows fail again until they are corrected in the catalog, as their message says; the next run then takes them.';

/** Returns what a user can do about failed samples. `rows`: the failures that were read, of `total`. */
export function failureCures(rows: readonly Pick<FailureRow, 'reason'>[], total: number): string[] {
  const unreadable = rows.filter((row) => row.reason === FailureType.Unreadable).length;
  return [
    ...(unreadable > 0 ? [CORRECT] : []),
    ...(unreadable < total
      ? [`Try ${unreadable > 0 ? 'the others' : 'them'} again: embeddings generate --failed`]
      : []),
  ];
}
