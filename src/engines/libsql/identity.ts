import type { StoreIdentity } from '../types.js';
import type { StoreConnection } from './connection.js';
import { isMissingTable } from './errors.js';

/** Migration: the store's identity, and the numbers of text ids. */
export const IDENTITY_SCHEMA = [
  // Grain: one row. The id is created with the tables and never changes, whatever the store's address; a copy of the
  // store has the same id. The collection is that of the first run that claims the store.
  `CREATE TABLE store_identity (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    store_id TEXT NOT NULL,
    collection TEXT
  )`,
  'INSERT INTO store_identity VALUES (1, lower(hex(randomblob(8))), NULL)',
  // Grain: one row an id of a catalog whose ids are text. Every other table holds the number instead; a number is never
  // reused.
  `CREATE TABLE source_keys (
    number INTEGER PRIMARY KEY,
    source_key TEXT NOT NULL UNIQUE
  )`,
];

export interface Identity {
  /** Returns null until the tables exist. */
  identity(): Promise<StoreIdentity | null>;
  /** Assigns the store to this collection if it has none yet. @returns the store's collection. */
  claimFor(collection: string): Promise<string>;
  /** Assigns the store to this collection, whichever it had before. */
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
