import type { InStatement } from '@libsql/client';

/**
 * Fencing tokens: the store counts claims, and a writer changes no row whose last writer has a newer claim. No clock is
 * involved.
 */
const COUNTER = '(SELECT value FROM embedding_fence)';

/** Issues the next token, as `fence`. */
export const NEXT_FENCE: InStatement = `INSERT INTO embedding_fence (id, value) VALUES (1, 1)
  ON CONFLICT (id) DO UPDATE SET value = value + 1 RETURNING value AS fence`;

/**
 * Returns the condition that a row's last writer had a newer claim than `ours`; NULL for rows without a token. A token
 * that this store never issued (a row copied from another store) blocks no writer.
 */
export const isNewer = (row: string, ours: string): string =>
  `(${row}.fence > ${ours} AND ${row}.fence <= ${COUNTER})`;
