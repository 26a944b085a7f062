const NUMERIC = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** Units that may follow a number. */
export const UNITS: readonly string[] = ['bpm', '%', 'db', 'lufs', 'hz'];

/** With a unit, with a sign for "about", or with a decimal comma: not before three digits, which may be thousands. */
const WRITTEN = new RegExp(
  `^\\s*[~≈]?\\s*([+-]?\\d+)(?:\\.(\\d+)|,(\\d{1,2}|\\d{4,}))?\\s*(${UNITS.join('|')})?\\s*$`,
  'i',
);

/** Returns bytes as text; other values as they are. */
export const plainOf = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;

/** Returns whether a value is a number, or a text of digits alone, as databases print numbers. */
export const isPlainNumber = (value: unknown): boolean =>
  typeof value === 'number' ||
  typeof value === 'bigint' ||
  (typeof value === 'string' && NUMERIC.test(value));

/** Returns the unit of a number that is written with one, in lower case; else an empty text. */
export const unitOf = (value: unknown): string =>
  typeof value === 'string' ? (WRITTEN.exec(value)?.[4] ?? '').toLowerCase() : '';

/**
 * Returns the number that a value holds: `92.5`, `120 BPM`, `120,5`; `85%` is 0.85. NaN: it is not a number, it is
 * ambiguous, or its unit is not among `units` (default: all).
 */
export function numberOf(value: unknown, units: readonly string[] = UNITS): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return Number.NaN;
  if (NUMERIC.test(value)) return Number(value);
  const [, whole, point, comma] = WRITTEN.exec(value) ?? [];
  if (whole === undefined) return Number.NaN;
  const unit = unitOf(value);
  if (unit !== '' && !units.includes(unit)) return Number.NaN;
  const decimals = point ?? comma;
  const number = Number(decimals === undefined ? whole : `${whole}.${decimals}`);
  return unit === '%' ? number / 100 : number;
}
