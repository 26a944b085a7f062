import { FailureType } from '../contract/failure.js';
import type { FailureRow } from '../engines/types.js';

/** The cure of rows that no other attempt can read. */
const CORRECT =
  'Unreadable rows fail again until they are corrected in the catalog, as their message says; the next run then takes them.';

/** What may be done about failed samples. `rows`: those that were read, of `total`. */
export function failureCures(rows: readonly Pick<FailureRow, 'reason'>[], total: number): string[] {
  const unreadable = rows.filter((row) => row.reason === FailureType.Unreadable).length;
  return [
    ...(unreadable > 0 ? [CORRECT] : []),
    ...(unreadable < total
      ? [`Try ${unreadable > 0 ? 'the others' : 'them'} again: embeddings generate --failed`]
      : []),
  ];
}
