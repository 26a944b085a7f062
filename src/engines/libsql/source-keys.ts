import type { StoreConnection } from './connection.js';
import { chunksOf } from './rows.js';

/** Keys in one statement. */
const CHUNK = 500;

/** Numbers that stand for the ids of a catalog whose ids are text. */
export interface SourceKeys {
  /** Returns the number of each key. Keys without one get the next numbers, in the order given. */
  numbersFor(keys: readonly string[]): Promise<Map<string, number>>;
  /** Returns the numbers of the keys that have one; only reads. */
  knownNumbers(keys: readonly string[]): Promise<Map<string, number>>;
  /** Returns the largest number in use; 0: none. */
  largestNumber(): Promise<number>;
  /** Returns the keys of these numbers, where they have one; only reads. */
  keysOf(numbers: readonly number[]): Promise<Map<number, string>>;
}

export function createSourceKeys(connection: StoreConnection): SourceKeys {
  const knownNumbers = async (keys: readonly string[]): Promise<Map<string, number>> => {
    const known = new Map<string, number>();
    for (const chunk of chunksOf(keys, CHUNK)) {
      const { rows } = await connection.read('source keys', {
        sql: 'SELECT number, source_key FROM source_keys WHERE source_key IN (SELECT value FROM json_each(?))',
        args: [JSON.stringify(chunk)],
      });
      for (const row of rows) known.set(String(row.source_key), Number(row.number));
    }
    return known;
  };
  return {
    knownNumbers,
    async numbersFor(keys) {
      const known = await knownNumbers(keys);
      const missing = [...new Set(keys)].filter((key) => !known.has(key));
      if (missing.length === 0) return known;
      await connection.write(
        'source keys',
        chunksOf(missing, CHUNK).map((chunk) => ({
          sql: 'INSERT INTO source_keys (source_key) SELECT value FROM json_each(?) WHERE 1 ON CONFLICT (source_key) DO NOTHING',
          args: [JSON.stringify(chunk)],
        })),
      );
      for (const [key, number] of await knownNumbers(missing)) known.set(key, number);
      return known;
    },
    async largestNumber() {
      const { rows } = await connection.read('source keys', 'SELECT MAX(number) AS largest FROM source_keys');
      return Number(rows[0]?.largest ?? 0);
    },
    async keysOf(numbers) {
      const keys = new Map<number, string>();
      for (const chunk of chunksOf(numbers, CHUNK)) {
        const { rows } = await connection.read('source keys', {
          sql: 'SELECT number, source_key FROM source_keys WHERE number IN (SELECT value FROM json_each(?))',
          args: [JSON.stringify(chunk)],
        });
        for (const row of rows) keys.set(Number(row.number), String(row.source_key));
      }
      return keys;
    },
  };
}
