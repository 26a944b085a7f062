import type { Database } from '../../../sqlite.js';

/** Approximate number of rows in a transaction. */
const ROWS = 1000;

export interface Transactions {
  /** Begins a transaction unless one is open. */
  begin(): void;
  /** Counts written rows, and commits after enough of them. */
  wrote(rows: number): void;
  end(): void;
}

/**
 * Creates transactions that span several folders. A transaction may stay open while files are read: only this scan
 * writes to the index, and readers do not wait for it.
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
