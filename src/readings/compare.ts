import { readEnergy } from './energy.js';
import { jsonOrText, readList } from './field.js';
import { numberOf, plainOf } from './numbers.js';
import type { Reading } from './of-columns.js';
import { readTempo } from './tempo.js';

/** Inclusive; either end may be infinite. */
export interface Span {
  from: number;
  to: number;
}

/** What a filter asks of a value: a text, ignoring letter case, or a number in a span. */
export type Wanted = { is: string } | Span;

/** A Wanted as it is compared: a value fits by its text or by its number. Null: not by this one. */
export interface Compared {
  text: string | null;
  span: Span | null;
}

const quiet = (): void => undefined;

/** Returns a text in lower case. İ and the Kelvin sign stay: their lower case is ASCII, which databases leave as it is. */
export const folded = (text: string): string => {
  const trimmed = text.trim();
  return /[\u0130\u212a]/.test(trimmed)
    ? trimmed.replace(/[^\u0130\u212a]+/g, (letters) => letters.toLowerCase())
    : trimmed.toLowerCase();
};

export const comparedOf = (wanted: Wanted, reading: Reading | undefined): Compared =>
  'is' in wanted
    ? { text: folded(wanted.is), span: spanOf(wanted.is, reading) }
    : { text: null, span: { from: wanted.from, to: wanted.to } };

/** Returns the number that a value holds, which may be a range of tempos; null if it holds none that can be used. */
export function spanOf(value: unknown, reading: Reading | undefined): Span | null {
  if (reading === 'tempo') return readTempo('', value, quiet);
  const number = reading === 'energy' ? readEnergy('', value, quiet) : numberOf(plainOf(value));
  return number === null || !Number.isFinite(number) ? null : { from: number, to: number };
}

/** Returns the items of a list that are not blank; null if the text is no list. Only a list column may be no JSON. */
export function itemsOf(text: string, reading: Reading | undefined): string[] | null {
  if (reading !== 'list' && (!/^\s*[[{]/.test(text) || jsonOrText(text).text !== null)) return null;
  const items = readList('', text, quiet);
  return items === null ? null : items.map((item) => item.trim()).filter((item) => item !== '');
}

/** Returns a value as text without blanks around it; null for numbers, and for what is neither text nor a list. */
export function textOf(value: unknown): string | null {
  const plain = plainOf(value);
  if (typeof plain === 'string') return plain.trim();
  if (typeof plain === 'boolean') return String(plain);
  return Array.isArray(plain) ? JSON.stringify(plain) : null;
}

export const meets = (a: Span, b: Span): boolean => a.to >= b.from && a.from <= b.to;

/** Returns whether a value of a catalog fits. */
export function fits(value: unknown, reading: Reading | undefined, { text, span }: Compared): boolean {
  if (span !== null) {
    const own = spanOf(value, reading);
    if (own !== null && meets(own, span)) return true;
  }
  const own = text === null ? null : textOf(value);
  if (own === null) return false;
  return folded(own) === text || (itemsOf(own, reading) ?? []).some((item) => folded(item) === text);
}
