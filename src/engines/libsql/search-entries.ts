import type { InStatement } from '@libsql/client';
import type { GenerationTables } from './generations/tables.js';

/**
 * Migration: what was made known to search, one row each time, so that whoever has read all samples before can tell which
 * to read again, by no clock. The numbers ascend, and the newest row is always there. The token proves that a row is of
 * this store's own past: of a backup that was put back, later rows have other tokens.
 */
export const SEARCH_ENTRIES_SCHEMA: readonly string[] = [
  // Grain: one row a transaction that entered samples, the newest ones. Ids as a JSON list of first ids and how many
  // follow one another: [1, 500, 740, 1].
  `CREATE TABLE search_entries (
    number INTEGER PRIMARY KEY,
    token TEXT NOT NULL,
    generation INTEGER NOT NULL,
    ids TEXT NOT NULL
  )`,
  // Before the first one.
  "INSERT INTO search_entries (token, generation, ids) VALUES (lower(hex(randomblob(8))), 0, '[]')",
];

/** So many transactions can be told of. */
const KEPT = 5000n;

/** Writes down that these samples were entered; goes into the same transaction. */
export const noteEntries = (ids: readonly number[], { number }: GenerationTables): InStatement[] => [
  {
    sql: 'INSERT INTO search_entries (token, generation, ids) VALUES (lower(hex(randomblob(8))), ?, ?)',
    args: [BigInt(number), JSON.stringify(runsOf(ids))],
  },
  `DELETE FROM search_entries WHERE number <= (SELECT MAX(number) FROM search_entries) - ${KEPT}`,
];

/** A place in the store's past. */
export interface EntriesMark {
  number: number;
  token: string;
}

/** Newest last. */
export const NEWEST_ENTRY =
  '(SELECT json_array(number, token) FROM search_entries ORDER BY number DESC LIMIT 1)';

export function entriesMark(value: unknown): EntriesMark | null {
  const [number, token] = JSON.parse(String(value ?? '[]')) as [number?, string?];
  return number === undefined || token === undefined ? null : { number, token };
}

/** First ids and how many follow one another, in turns. */
export function runsOf(ids: readonly number[]): number[] {
  const runs: number[] = [];
  let next: number | null = null;
  for (const id of [...ids].sort((a, b) => a - b)) {
    if (id === next) runs[runs.length - 1] = (runs.at(-1) as number) + 1;
    else runs.push(id, 1);
    next = id + 1;
  }
  return runs;
}

export function idsOfRuns(runs: readonly number[]): number[] {
  const ids: number[] = [];
  for (let at = 0; at + 1 < runs.length; at += 2)
    for (let step = 0; step < (runs[at + 1] as number); step++) ids.push((runs[at] as number) + step);
  return ids;
}
