/** Where readers report a field that is there but cannot be used, e.g. `bpm: not a number`. */
export type Note = (note: string) => void;

/** A column as text; null when it is missing. SQLite columns may hold any type, whatever they were declared as. */
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

/** Values from here on are no tempo and no energy, and would print as a wall of digits. */
const TOO_LARGE = 1e6;

/** A column as a finite number below `limit`, default a million; null when it is missing or unusable. */
export function readNumber(name: string, value: unknown, note: Note, limit = TOO_LARGE): number | null {
  const plain = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;
  if (plain === null || plain === undefined || plain === '') return null;
  const number = typeof plain === 'string' ? (NUMERIC.test(plain) ? Number(plain) : Number.NaN) : plain;
  const parsed = typeof number === 'bigint' ? Number(number) : number;
  if (typeof parsed !== 'number' || Number.isNaN(parsed)) note(`${name}: not a number`);
  else if (Math.abs(parsed) >= limit) note(`${name}: too large`);
  else return parsed;
  return null;
}

/** A JSON column, from a driver that parsed it or from one that did not; null when it is missing or unusable. */
export function readJson(name: string, value: unknown, note: Note): unknown {
  if (value === null || value === undefined) return null;
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;
  if (typeof text !== 'string') return text;
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(withoutNaN(text));
    } catch {
      note(`${name}: not JSON`);
      return null;
    }
  }
}

/** Python writes NaN and Infinity into its JSON; one such number must not cost the fields beside it. */
const withoutNaN = (json: string): string =>
  json.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
    token.startsWith('"') ? token : 'null',
  );

/** A JSON column of strings; null when it is missing, empty or unusable. Numbers count as their digits. */
export function readList(name: string, value: unknown, note: Note): string[] | null {
  const list = readJson(name, value, note);
  if (list === null) return null;
  if (!Array.isArray(list)) {
    note(`${name}: not a list`);
    return null;
  }
  const items = list.filter((item) => typeof item === 'string' || typeof item === 'number').map(String);
  if (items.length < list.length) note(`${name}: items that are not text left out`);
  return items.length === 0 ? null : items;
}
