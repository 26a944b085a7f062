import type { FailureRow } from '../engines/types.js';

/** A failure with the sample's text id, if it has one. */
export type NamedFailure = FailureRow & { textId?: string };

/** Returns the id by which a user knows the sample. */
export const idOf = ({ sampleId, textId }: Pick<NamedFailure, 'sampleId' | 'textId'>): number | string =>
  textId ?? sampleId;

/** Returns a failed sample in the form that all JSON answers use. */
export const failureFields = (row: NamedFailure) => ({
  sample_id: idOf(row),
  timestamp: row.failedAt,
  reason: row.reason,
  message: row.message,
  attempts: row.attempts,
  permanent: row.permanent,
});
