import type { InStatement } from '@libsql/client';

/**
 * Fencing tokens: the store counts claims, and a row is not changed by a writer whose claim is older than that of the
 * row's last writer. Clocks have no say in it.
 */
const COUNTER = '(SELECT value FROM embedding_fence)';

/** Gives out the next token, as `fence`. */
export const NEXT_FENCE: InStatement = `INSERT INTO embedding_fence (id, value) VALUES (1, 1)
  ON CONFLICT (id) DO UPDATE SET value = value + 1 RETURNING value AS fence`;

/**
 * Whether a row's last writer had a newer claim than `ours`; NULL for rows without a token. A token that this store
 * never gave out (a row copied from another store) holds nobody up.
 */
export const isNewer = (row: string, ours: string): string =>
  `(${row}.fence > ${ours} AND ${row}.fence <= ${COUNTER})`;
