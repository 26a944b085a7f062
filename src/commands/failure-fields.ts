import type { FailureRow } from '../engines/types.js';

/** A failure with the sample's text id, where it has one. */
export type NamedFailure = FailureRow & { textId?: string };

/** What a person knows the sample by. */
export const idOf = ({ sampleId, textId }: Pick<NamedFailure, 'sampleId' | 'textId'>): number | string =>
  textId ?? sampleId;

/** A failed sample as JSON tells of it, wherever it does. */
export const failureFields = (row: NamedFailure) => ({
  sample_id: idOf(row),
  timestamp: row.failedAt,
  reason: row.reason,
  message: row.message,
  attempts: row.attempts,
  permanent: row.permanent,
});
