import type { Sample } from './api.js';

export const count = (value: number): string => value.toLocaleString('en');

/** Formats dollars with two digits, however small: `$0.00000006`. */
export function dollars(value: number): string {
  if (value === 0) return '$0';
  const decimals = Math.min(20, Math.max(2, 1 - Math.floor(Math.log10(value))));
  return `$${value.toFixed(decimals).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/** Formats seconds: `2.87 s`, `1:05`. */
export function seconds(value: number): string {
  if (value < 60) return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`;
  const whole = Math.round(value);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Returns the displayed name of a column: "mood primary" for `mood_primary`. */
export const nameOf = (column: string): string => column.replaceAll('_', ' ');

/** Characters. Longer titles are cut. */
const LONGEST_TITLE = 300;

export function titleOf({ id, title }: Pick<Sample, 'id' | 'title'>): string {
  const text = title?.trim() || `sample ${id}`;
  return text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE)}…` : text;
}

const LONGEST_VALUE = 40;

/** Returns a value as short text; empty when there is none or when it is too long. */
export function shortValue(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toFixed(2)));
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value))
    return value.every((item) => typeof item === 'string') ? value.slice(0, 4).join(', ').slice(0, 80) : '';
  const text = typeof value === 'string' ? value.trim() : '';
  return text.length <= LONGEST_VALUE && text !== '{}' ? text : '';
}
