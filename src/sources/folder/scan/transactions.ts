import type { Database } from '../../../sqlite.js';

/** Rows in a transaction, about. */
const ROWS = 1000;

export interface Transactions {
  /** Begins one unless one is open. */
  begin(): void;
  /** Ends it once enough rows were written. */
  wrote(rows: number): void;
  end(): void;
}

/**
 * Transactions over several folders. One may stay open while files are read: only its scan writes into an index, and
 * readers do not wait for it.
 */
export function createTransactions(index: Database.Database): Transactions {
  let written = 0;
  const end = (): void => {
    if (index.inTransaction) index.exec('commit');
    written = 0;
  };
  return {
    begin() {
      if (!index.inTransaction) index.exec('begin immediate');
    },
    wrote(rows) {
      written += rows;
      if (written >= ROWS) end();
    },
    end,
  };
}
