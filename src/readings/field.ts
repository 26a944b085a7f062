import { flagged, itemOf, writtenList } from './lists.js';
import { numberOf, plainOf } from './numbers.js';

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

/** Values from here on are neither a tempo nor an energy, and would print too many digits. */
const TOO_LARGE = 1e6;

interface NumberOptions {
  /** The number must be below this. Default: a million. */
  limit?: number;
  /** Units that may follow the number, in lower case. Default: all that are known. */
  units?: readonly string[];
}

/** Returns a column as a finite number; null when it is missing or unusable. */
export function readNumber(
  name: string,
  value: unknown,
  note: Note,
  { limit = TOO_LARGE, units }: NumberOptions = {},
): number | null {
  const plain = plainOf(value);
  if (plain === null || plain === undefined || plain === '') return null;
  const number = numberOf(plain, units);
  if (Number.isNaN(number)) note(`${name}: not a number`);
  else if (Math.abs(number) >= limit) note(`${name}: too large`);
  else return number;
  return null;
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
  const plain = plainOf(value) ?? null;
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
  // Empty items of a list of texts are in stored texts, so they stay.
  const kept = list.every((item) => typeof item === 'string') ? items : items.filter((item) => item !== '');
  return kept.length === 0 ? null : kept;
}

function listOf(json: unknown): readonly unknown[] | null {
  if (Array.isArray(json)) return json;
  if (typeof json === 'number') return [json];
  return typeof json === 'object' && json !== null ? flagged(json) : null;
}
