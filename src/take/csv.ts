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

/** Returns samples as CSV (RFC 4180) with a header. A formula of a spreadsheet gets an apostrophe before it. */
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
  return stringify([[...COLUMNS, ...more].map(harmless), ...rows], {
    record_delimiter: 'windows',
    // Quotes a lone CR or LF too: programs take each for the end of a row.
    quote_record_delimiter: true,
  });
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

/** What begins a formula, as full-width and small forms too, which some spreadsheets read alike. */
const SIGN = '[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]';
/** Characters before a sign that a spreadsheet may skip: blanks, control and format characters. */
const BLANK = '[\\s\\p{Cc}\\p{Cf}]';
/**
 * Where a cell may begin with a formula: at the start of a text, and after what separates cells where the table is not
 * read as RFC 4180 but by lines, semicolons (as in countries with a decimal comma) or tabs, for which no quotes hold.
 */
const FORMULA = new RegExp(
  `^(?=${BLANK}*${SIGN}|[\\t\\r\\n])|(?<=[;\\t\\r\\n])(?=(?:(?![\\t\\r\\n])${BLANK})*${SIGN})`,
  'gu',
);

/** Puts an apostrophe before each possible formula, as OWASP advises. Numbers stay. */
const harmless = (text: string): string => (NUMBER.test(text) ? text : text.replace(FORMULA, "'"));
