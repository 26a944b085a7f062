import { stringify } from 'csv-stringify/sync';
import type { SampleHit } from '../search/sample-hit.js';
import { factsOf } from './facts.js';

type Cell = string | number | boolean | null;

/** Columns of every table; those of a declared collection follow. */
const COLUMNS = [
  'rank',
  'sample_id',
  'title',
  'path',
  'bpm',
  'key',
  'duration',
  'genre',
  'mood',
  'similarity',
] as const;

/** Marks a text file as UTF-8 for spreadsheets. */
export const BYTE_ORDER_MARK = '\ufeff';

/** Returns samples as CSV (RFC 4180) with a header. Text that spreadsheets take for a formula gets an apostrophe. */
export function csvOf(samples: Iterable<SampleHit>): string {
  const hits = [...samples];
  const known = new Set<string>(COLUMNS);
  const more = [...new Set(hits.flatMap(({ fields = {} }) => Object.keys(fields)))].filter(
    (name) => !known.has(name),
  );
  const rows = hits.map((hit) => {
    const facts = { ...hit, ...factsOf(hit) };
    return [
      ...COLUMNS.map((name) => cellOf(facts[name] ?? hit.fields?.[name])),
      ...more.map((name) => cellOf(hit.fields?.[name])),
    ];
  });
  return stringify([[...COLUMNS, ...more].map(harmless), ...rows], { record_delimiter: 'windows' });
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return harmless(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return harmless(Buffer.from(value).toString('utf8'));
  return harmless(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)$/;

const harmless = (text: string): string =>
  /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
