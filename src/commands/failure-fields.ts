import type { FailureRow } from '../engines/types.js';

/** A failed sample as JSON tells of it, wherever it does. */
export const failureFields = (row: FailureRow) => ({
  sample_id: row.sampleId,
  timestamp: row.failedAt,
  reason: row.reason,
  message: row.message,
  attempts: row.attempts,
  permanent: row.permanent,
});
