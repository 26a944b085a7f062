import type { StoreIdentity } from '../types.js';
import type { StoreConnection } from './connection.js';
import { isMissingTable } from './errors.js';

/** Migration: who this store is, and the numbers of text ids. */
export const IDENTITY_SCHEMA = [
  // Grain: one row. The id is made with the tables and never changes, whatever address the store is reached at; a copy
  // of the store has the same. The collection is that of the first run that asks.
  `CREATE TABLE store_identity (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    store_id TEXT NOT NULL,
    collection TEXT
  )`,
  'INSERT INTO store_identity VALUES (1, lower(hex(randomblob(8))), NULL)',
  // Grain: one row an id of a catalog whose ids are text. The number stands for it in every other table and is never
  // given to another.
  `CREATE TABLE source_keys (
    number INTEGER PRIMARY KEY,
    source_key TEXT NOT NULL UNIQUE
  )`,
];

export interface Identity {
  /** Null before the tables are there. */
  identity(): Promise<StoreIdentity | null>;
  /** Gives a store that has no collection yet to this one. @returns whose it is now. */
  claimFor(collection: string): Promise<string>;
  /** Gives the store to this collection, whosever it was. */
  giveTo(collection: string): Promise<void>;
}

export function createIdentity(connection: StoreConnection): Identity {
  const identity = async (): Promise<StoreIdentity | null> => {
    try {
      const { rows } = await connection.read('identity', 'SELECT store_id, collection FROM store_identity');
      const [row] = rows;
      if (row === undefined) return null;
      return {
        id: String(row.store_id),
        collection: row.collection === null ? null : String(row.collection),
      };
    } catch (error) {
      if (isMissingTable(error)) return null;
      throw error;
    }
  };
  return {
    identity,
    async giveTo(collection) {
      await connection.write('give the store', [
        { sql: 'UPDATE store_identity SET collection = ?', args: [collection] },
      ]);
    },
    async claimFor(collection) {
      const [, owner] = await connection.write('claim the store', [
        { sql: 'UPDATE store_identity SET collection = ? WHERE collection IS NULL', args: [collection] },
        'SELECT collection FROM store_identity',
      ]);
      return String(owner?.rows[0]?.collection ?? collection);
    },
  };
}
