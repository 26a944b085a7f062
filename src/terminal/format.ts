/** Formats numbers and texts for people. Pure functions. */
import { inert } from './inert.js';

const NANOS = 1e9;
const EN = new Intl.NumberFormat('en-US');

export const count = (value: number | bigint): string => EN.format(value);

/** "1 batch", "1,200 batches". */
export const batches = (number: number): string => (number === 1 ? '1 batch' : `${count(number)} batches`);

/**
 * Formats nanodollars as dollars, with 4 decimal places by default; a bigint of any size. Adds places until an amount
 * that is not zero does not look like zero.
 */
export function usd(nanos: number | bigint, { places = 4 }: { places?: number } = {}): string {
  if (typeof nanos === 'bigint') {
    // A number represents it exactly.
    if (nanos <= Number.MAX_SAFE_INTEGER && nanos >= -Number.MAX_SAFE_INTEGER)
      return usd(Number(nanos), { places });
    const unit = 10n ** BigInt(Math.max(0, 9 - places));
    const units = (nanos + (nanos < 0n ? -unit : unit) / 2n) / unit;
    const digits = (units < 0n ? -units : units).toString();
    const shown = Math.min(places, 9);
    const fraction = shown === 0 ? '' : `.${digits.slice(-shown).padEnd(places, '0')}`;
    return `$${nanos < 0n ? '-' : ''}${digits.slice(0, digits.length - shown)}${fraction}`;
  }
  const dollars = nanos / NANOS;
  if (nanos === 0) return `$${(0).toFixed(places)}`;
  let shown = places;
  while (shown < 20 && Number(dollars.toFixed(shown)) === 0) shown += 1;
  return `$${dollars.toFixed(shown)}`;
}

interface Cost {
  costNanos: number;
  /** Answered requests whose cost is not in `costNanos`. */
  unpriced?: number;
}

/** Returns whether money was spent and none of its amount is known. */
export const isUnknown = ({ costNanos, unpriced = 0 }: Cost): boolean => unpriced > 0 && costNanos === 0;

/** Formats what was spent; an unknown cost is never shown as zero. */
export function costOf(cost: Cost): string {
  if (isUnknown(cost)) return 'cost unknown';
  return (cost.unpriced ?? 0) > 0 ? `${usd(cost.costNanos)} plus an unknown cost` : usd(cost.costNanos);
}

/** Formats a share, `21.5%`; less than the whole is never shown as 100.0%. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '0.0%';
  const tenths = Math.round((part / whole) * 1000);
  const honest = tenths === 1000 && part < whole ? 999 : tenths;
  return `${(honest / 10).toFixed(1)}%`;
}

/** Formats a duration, `0:04:32`, rounded up to a second. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Formats an ISO time to the minute: `2026-11-23 04:05`. */
export const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

/** Returns foreign text on one line, without anything that a terminal would act on. */
export const plain = (text: string): string =>
  inert(text)
    .replace(/[\n ]+/g, ' ')
    .trim();

/** Formats what attempts may have cost in addition to what is settled. Nanodollars. */
export const formatUncertainCost = (uncertainNanos: number): string =>
  `up to ${usd(uncertainNanos)} (answers lost or not believed)`;
