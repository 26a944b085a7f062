import { blockedFault, Fault } from '../../fault.js';
import { errorText, isRefusal } from './errors.js';

/** Why a database refuses a row, matched by its message, and what a person can do. The first match counts. */
const CURES: readonly [RegExp, string][] = [
  [
    /vector index|dimensions are different/i,
    'a vector index on sample_embeddings has another length: set EMBEDDING_DIMENSIONS to that length, or drop the index and create it again',
  ],
  [
    /FOREIGN KEY/i,
    'a foreign key refers to rows that are not in this database: make sample_embeddings without it, or add these rows',
  ],
  [
    /CHECK constraint/i,
    'a CHECK of the table does not allow the row: remove it, or set EMBEDDING_DIMENSIONS to what it allows',
  ],
  [
    /cannot store|datatype mismatch/i,
    'the column has another type: vibe_vector must be BLOB, embedding_source TEXT, sample_id INTEGER',
  ],
  [
    /no such table: (main\.)?(sample_|embedding_|api_usage|kept_|query_)/i,
    'a table of this program was dropped: restore the database from a backup, or use another one',
  ],
  [
    /no such table|no such column|has no column/i,
    'a trigger or a foreign key names a table or column that does not exist: add it, or drop the trigger or the key',
  ],
  [/NOT NULL constraint/i, 'a column that this program does not fill must be filled: give it a default'],
  [/UNIQUE constraint/i, 'a unique index does not allow the row: drop it'],
];
const OTHERWISE = 'a constraint, trigger or index does not allow the row: remove it';

/**
 * Creates the Fault for rows that the database refuses permanently: a retry would not help. `then`: what to do after
 * the cure. Returns a Fault unchanged: it has its own cure.
 */
export function refusalFault(error: unknown, then: string): Fault {
  if (error instanceof Fault) return error;
  const words = errorText(error instanceof Error && error.cause !== undefined ? error.cause : error);
  const cure = CURES.find(([pattern]) => pattern.test(words))?.[1] ?? OTHERWISE;
  return blockedFault(`the store refuses the rows (${words}): ${cure}, ${then}`, error);
}

/** An attempt does not have the status that the caller expects (see `open`). */
const NOT_OPEN = /NOT NULL constraint failed: api_usage\.status/;

/** Writes to the ledger. Throws a Fault if the database refuses permanently. */
export async function withRefusalFault<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Fault || !isRefusal(error)) throw error;
    if (NOT_OPEN.test(errorText(error)))
      throw new Error('the store: an attempt was given up or settled meanwhile; its batch is claimed again', {
        cause: error,
      });
    throw refusalFault(error, 'then embeddings resume');
  }
}
