import { type Note, readJson, readList, readNumber, readText } from '../readings/field.js';
import { UNITS } from '../readings/numbers.js';
import { printfFixed } from './decimals.js';

/** Converts a field's value. Null: it is missing, or unusable and named in a note. */
export type Filter = (name: string, value: unknown, note: Note) => unknown;
export type Argument = string | number;

interface Kind {
  /** The usage, for the message that refuses other arguments. */
  form: string;
  /** Creates the filter; null when the arguments are wrong. */
  make(...given: Argument[]): Filter | null;
  /** Also applied when the value is missing. */
  onMissing?: true;
}

/** The limit of printfFixed. */
const LARGEST = 1e21;
const WHOLE = /^\s*\+?(-?)0*(\d+)\s*$/;

const isCount = (value: unknown, from: number, to: number): value is number =>
  Number.isInteger(value) && Number(value) >= from && Number(value) <= to;

const onText =
  (change: (text: string) => string): Filter =>
  (name, value, note) => {
    const text = printed(name, value, note);
    return text === null ? null : change(text);
  };

const withoutArguments = (name: string, change: (text: string) => string): Kind => ({
  form: name,
  make: (...given) => (given.length === 0 ? onText(change) : null),
});

export const FILTERS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  [
    'round',
    {
      form: 'round or round(2), with 0 to 20 decimals',
      make: (decimals = 0, ...more) =>
        isCount(decimals, 0, 20) && more.length === 0
          ? (name, value, note) => rounded(name, value, decimals, note)
          : null,
    },
  ],
  [
    'join',
    {
      form: 'join(", ")',
      make: (separator = ', ', ...more) =>
        typeof separator === 'string' && more.length === 0
          ? (name, value, note) => joined(readList(name, value, note), separator)
          : null,
    },
  ],
  [
    'json',
    {
      form: 'json("path.to.value")',
      make: (path, ...more) =>
        typeof path === 'string' && path !== '' && more.length === 0
          ? (name, value, note) => within(name, readJson(name, value, note), path.split('.'), note)
          : null,
    },
  ],
  [
    'default',
    {
      form: 'default("text")',
      make: (text, ...more) => (text !== undefined && more.length === 0 ? (_, value) => value ?? text : null),
      onMissing: true,
    },
  ],
  [
    'truncate',
    {
      form: 'truncate(200), the most characters that are kept',
      make: (most, ...more) =>
        isCount(most, 1, 1_000_000) && more.length === 0
          ? onText((text) => (text.length <= most ? text : Array.from(text).slice(0, most).join('')))
          : null,
    },
  ],
  // Never in the machine's locale, so that equal rows give equal texts everywhere.
  ['lower', withoutArguments('lower', (text) => text.toLowerCase())],
  ['upper', withoutArguments('upper', (text) => text.toUpperCase())],
  ['trim', withoutArguments('trim', (text) => text.trim())],
]);

/** Returns a value as printed in a text: whole numbers as such, others as short as possible, dates as ISO 8601. */
export function printed(name: string, value: unknown, note: Note): string | null {
  if (Array.isArray(value)) return joined(readList(name, value, note), ', ');
  if (typeof value === 'number' && !Number.isFinite(value)) {
    note(`${name}: not a number`);
    return null;
  }
  return readText(name, value, note);
}

/** Returns true for null, an empty list, and a blank text. */
export const isMissing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === 'string' && /^[\s\0]*$/.test(value)) ||
  (Array.isArray(value) && value.length === 0);

function rounded(name: string, value: unknown, decimals: number, note: Note): string | null {
  // Digits beyond the precision of a double are kept.
  const whole = typeof value === 'bigint' || typeof value === 'string' ? WHOLE.exec(String(value)) : null;
  const text =
    whole === null
      ? fixed(readNumber(name, value, note, optionsOf(decimals)), decimals)
      : `${whole[1]}${whole[2]}${decimals === 0 ? '' : `.${'0'.repeat(decimals)}`}`;
  // "-0" is printed as "0".
  return text !== null && /^-[0.]*$/.test(text) ? text.slice(1) : text;
}

/** A per cent is a fraction, of which a whole number would say nothing. */
const optionsOf = (decimals: number) => ({
  limit: LARGEST,
  ...(decimals === 0 && { units: UNITS.filter((unit) => unit !== '%') }),
});

const fixed = (value: number | null, decimals: number): string | null =>
  value === null ? null : printfFixed(value, decimals);

function joined(list: readonly string[] | null, separator: string): string | null {
  const items = (list ?? []).filter((item) => !isMissing(item));
  return items.length === 0 ? null : items.join(separator);
}

function within(name: string, value: unknown, path: readonly string[], note: Note): unknown {
  if (value === null) return null;
  if (typeof value !== 'object') {
    note(`${name}: not an object`);
    return null;
  }
  let at: unknown = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return null;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}
