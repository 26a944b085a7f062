/** Numbers and texts as people read them. Pure. */
import { inert } from './inert.js';

const NANOS = 1e9;
const EN = new Intl.NumberFormat('en-US');

export const count = (value: number): string => EN.format(value);

/**
 * Nanodollars as dollars, 4 places by default. An amount that is not zero never looks like zero: it gets as many
 * places as it takes.
 */
export function usd(nanos: number, { places = 4 }: { places?: number } = {}): string {
  const dollars = nanos / NANOS;
  if (nanos === 0) return `$${(0).toFixed(places)}`;
  let shown = places;
  while (shown < 20 && Number(dollars.toFixed(shown)) === 0) shown += 1;
  return `$${dollars.toFixed(shown)}`;
}

interface Cost {
  costNanos: number;
  /** Answered requests that `costNanos` is without. */
  unpriced?: number;
}

/** Money was spent, and nobody tells how much. */
export const isUnknown = ({ costNanos, unpriced = 0 }: Cost): boolean => unpriced > 0 && costNanos === 0;

/** What was spent: unknown is never shown as nothing. */
export function costOf(cost: Cost): string {
  if (isUnknown(cost)) return 'cost unknown';
  return (cost.unpriced ?? 0) > 0 ? `${usd(cost.costNanos)} and what is unknown` : usd(cost.costNanos);
}

/** `21.5%`; what is not whole never shows as 100.0 %. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '0.0%';
  const tenths = Math.round((part / whole) * 1000);
  const honest = tenths === 1000 && part < whole ? 999 : tenths;
  return `${(honest / 10).toFixed(1)}%`;
}

/** `0:04:32`, rounded up to a second. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** An ISO time to the minute: `2026-11-23 04:05`. */
export const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

/** A text of others on one line, without anything that could drive the terminal. */
export const plain = (text: string): string =>
  inert(text)
    .replace(/[\n ]+/g, ' ')
    .trim();
