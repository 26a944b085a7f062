import type { InStatement } from '@libsql/client';
import type { GenerationTables } from './generations/tables.js';

/**
 * Migration: a log of the samples that were entered into search. A reader that has read all samples before learns from
 * it which ones to read again, without comparing clocks. The numbers ascend, and the newest row is never deleted. The
 * token proves that a row belongs to this store's own history: after a backup is restored, later rows have other
 * tokens.
 */
export const SEARCH_ENTRIES_SCHEMA: readonly string[] = [
  // Grain: one row a transaction that entered samples; only the newest are kept. Ids as a JSON list of first ids and
  // the counts of consecutive ids: [1, 500, 740, 1].
  `CREATE TABLE search_entries (
    number INTEGER PRIMARY KEY,
    token TEXT NOT NULL,
    generation INTEGER NOT NULL,
    ids TEXT NOT NULL
  )`,
  // The mark before the first entry.
  "INSERT INTO search_entries (token, generation, ids) VALUES (lower(hex(randomblob(8))), 0, '[]')",
];

/** Number of transactions that are kept. */
const KEPT = 5000n;

/** Records that these samples were entered; runs in the same transaction. */
export const noteEntries = (ids: readonly number[], { number }: GenerationTables): InStatement[] => [
  {
    sql: 'INSERT INTO search_entries (token, generation, ids) VALUES (lower(hex(randomblob(8))), ?, ?)',
    args: [BigInt(number), JSON.stringify(runsOf(ids))],
  },
  `DELETE FROM search_entries WHERE number <= (SELECT MAX(number) FROM search_entries) - ${KEPT}`,
];

/** A position in the log of entered samples. */
export interface EntriesMark {
  number: number;
  token: string;
}

/** Selects the newest mark as a JSON array of number and token. */
export const NEWEST_ENTRY =
  '(SELECT json_array(number, token) FROM search_entries ORDER BY number DESC LIMIT 1)';

export function entriesMark(value: unknown): EntriesMark | null {
  const [number, token] = JSON.parse(String(value ?? '[]')) as [number?, string?];
  return number === undefined || token === undefined ? null : { number, token };
}

/** Returns first ids and the counts of consecutive ids, alternating. */
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
