const DECIMAL = /^\s*\$?\s*(-?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?\s*$/i;
const PLACES = 9;

/**
 * Converts dollars, a number or its decimal text (`0.0151`, `1.2e-7`, `$3.50`), exactly to the nearest integer
 * nanodollar. Null when the value is no amount.
 */
export function nanosOfDollars(value: unknown): bigint | null {
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(String(value)) ?? [];
  if (sign === undefined || (whole === '' && fraction === '')) return null;
  const digits = BigInt(whole + fraction);
  const shift = PLACES - fraction.length + Number(exponent);
  const nanos = shift >= 0 ? digits * 10n ** BigInt(shift) : rounded(digits, 10n ** BigInt(-shift));
  return sign === '-' ? -nanos : nanos;
}

/** Returns the quotient of two non-negative integers, rounded to the nearest integer; a half is rounded up. */
const rounded = (dividend: bigint, divisor: bigint): bigint => (2n * dividend + divisor) / (2n * divisor);

/** Reads a non-negative count from a number or its text; null when it is none. */
export function countOf(value: unknown): bigint | null {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? BigInt(value) : null;
  return typeof value === 'string' && /^\s*\d{1,30}\s*$/.test(value) ? BigInt(value.trim()) : null;
}
