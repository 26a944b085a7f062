import { flagged, itemOf, writtenList } from './lists.js';

/** Reports a field that is present but cannot be used, e.g. `bpm: not a number`. */
export type Note = (note: string) => void;

/** Returns a column as text; null when it is missing. SQLite columns may hold any type, whatever they declare. */
export function readText(name: string, value: unknown, note: Note): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  note(`${name}: not text`);
  return null;
}

const NUMERIC = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;
/** With a unit, with a sign for "about", or with a decimal comma: not before three digits, which may be thousands. */
const WRITTEN = /^\s*[~≈]?\s*([+-]?\d+)(?:\.(\d+)|,(\d{1,2}|\d{4,}))?\s*(bpm|%|db|lufs|hz)?\s*$/i;

/** Values from here on are neither a tempo nor an energy, and would print too many digits. */
const TOO_LARGE = 1e6;

/** Returns a column as a finite number below `limit`, default a million; null when it is missing or unusable. */
export function readNumber(name: string, value: unknown, note: Note, limit = TOO_LARGE): number | null {
  const plain = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;
  if (plain === null || plain === undefined || plain === '') return null;
  const number = typeof plain === 'string' ? numberIn(plain) : plain;
  const parsed = typeof number === 'bigint' ? Number(number) : number;
  if (typeof parsed !== 'number' || Number.isNaN(parsed)) note(`${name}: not a number`);
  else if (Math.abs(parsed) >= limit) note(`${name}: too large`);
  else return parsed;
  return null;
}

/** Parses `92.5`, `120 BPM`, `120,5`; `85%` is 0.85. NaN: it is not a number, or it is ambiguous. */
function numberIn(text: string): number {
  if (NUMERIC.test(text)) return Number(text);
  const [, whole, point, comma, unit] = WRITTEN.exec(text) ?? [];
  if (whole === undefined) return Number.NaN;
  const decimals = point ?? comma;
  const number = Number(decimals === undefined ? whole : `${whole}.${decimals}`);
  return unit === '%' ? number / 100 : number;
}

/** Returns the value of a JSON column, parsed by the driver or not; null when it is missing or unusable. */
export function readJson(name: string, value: unknown, note: Note): unknown {
  const { json, text } = jsonOrText(value);
  if (text === null) return json;
  note(`${name}: not JSON`);
  return null;
}

/** How many times JSON may be encoded within a JSON string. */
const MOST_ENCODED = 3;

/** Parses a column that may hold JSON, or JSON in a JSON string. `text`: set if it is not JSON. Both null: missing. */
export function jsonOrText(value: unknown): { json: unknown; text: string | null } {
  const plain = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : (value ?? null);
  if (typeof plain !== 'string') return { json: plain, text: null };
  let text = plain;
  for (let times = 0; times <= MOST_ENCODED; times++) {
    if (text.trim() === '') return { json: null, text: null };
    const parsed = parse(text);
    if (parsed === undefined) return { json: null, text };
    if (typeof parsed !== 'string') return { json: parsed, text: null };
    text = parsed;
  }
  return { json: null, text };
}

/** Parses JSON. Undefined: it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(withoutNaN(text));
    } catch {
      return undefined;
    }
  }
}

/** Replaces NaN and Infinity, which Python writes into JSON, by null, so that the other fields are not lost. */
const withoutNaN = (json: string): string =>
  json.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
    token.startsWith('"') ? token : 'null',
  );

/**
 * Returns the items of a column that lists words, in JSON or in another notation that libraries use; null when it is
 * missing, empty or unusable. Numbers count as their digits, objects as their names.
 */
export function readList(name: string, value: unknown, note: Note): string[] | null {
  const { json, text } = jsonOrText(value);
  const list = text === null ? listOf(json) : writtenList(text);
  if (list === null) {
    if (text !== null || json !== null) note(`${name}: not a list`);
    return null;
  }
  const items = list.map(itemOf).filter((item) => item !== null);
  if (items.length < list.length) note(`${name}: items that are not text left out`);
  return items.length === 0 ? null : items;
}

function listOf(json: unknown): readonly unknown[] | null {
  if (Array.isArray(json)) return json;
  if (typeof json === 'number') return [json];
  return typeof json === 'object' && json !== null ? flagged(json) : null;
}
