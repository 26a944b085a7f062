import { usageFault } from '../fault.js';

/** Inclusive; either end may be infinite. */
export interface Range {
  from: number;
  to: number;
}

const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d+)?|\.\d+)`;
const ALONE = new RegExp(`^${NUMBER}$`);
const DASH = new RegExp(String.raw`^(${NUMBER})(?:\s*-\s*(${NUMBER}))?$`);
const DOTS = new RegExp(String.raw`^(${NUMBER})?\s*\.\.\s*(${NUMBER})?$`);

export const isNumber = (text: string): boolean => ALONE.test(text.trim());

const DECIMAL = new RegExp(`^${NUMBER}(?:e[+-]?\\d+)?$`, 'i');

/** Returns the decimal number that a text is, or NaN: `0x50`, `NaN` and `Infinity` are not numbers. */
export const decimalNumber = (text: string): number =>
  DECIMAL.test(text.trim()) ? Number(text) : Number.NaN;

/** Reads `80-95`, `-12--3`, `80..95`, `80..` (or more), `..95` (or less), or one number; null for anything else. */
export function readRange(text: string): Range | null {
  const [, one, other = one] = DASH.exec(text.trim()) ?? [];
  if (one !== undefined) return { from: Number(one), to: Number(other) };
  const [dots, from, to] = DOTS.exec(text.trim()) ?? [];
  if (dots === undefined || (from === undefined && to === undefined)) return null;
  return {
    from: from === undefined ? Number.NEGATIVE_INFINITY : Number(from),
    to: to === undefined ? Number.POSITIVE_INFINITY : Number(to),
  };
}

/** Creates a parser for an option that takes a range of numbers. */
export const rangeOption =
  (name: string, example: string) =>
  (text: string): Range => {
    const range = readRange(text);
    if (range !== null && range.from <= range.to) return range;
    throw usageFault(`${name} must be a number or a range like ${example}, got "${text}"`);
  };
