import { usageFault } from '../fault.js';
import { decimalNumber } from '../search/range.js';

/** Returns a parser for an option that takes a whole number. Its error names option, range and value. */
export const integerOption =
  (name: string, from: number, to: number) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isInteger(value) && value >= from && value <= to) return value;
    throw usageFault(`${name} must be an integer from ${from} to ${to}, got "${text}"`);
  };

/** Returns a parser of dollars to integer nanodollars. */
export const usdOption =
  (name: string) =>
  (text: string): number => {
    const match = /^\$?(\d+)(?:\.(\d{1,9}))?$/.exec(text.trim());
    const nanos = match ? Number(match[1]) * 1e9 + Number((match[2] ?? '').padEnd(9, '0')) : Number.NaN;
    if (Number.isSafeInteger(nanos)) return nanos;
    throw usageFault(`${name} must be an amount in US dollars like 0.50, got "${text}"`);
  };

/** Returns a parser for a number from 0 to 1. */
export const shareOption =
  (name: string) =>
  (text: string): number => {
    const value = decimalNumber(text);
    if (value >= 0 && value <= 1) return value;
    throw usageFault(`${name} must be a number from 0 to 1, got "${text}"`);
  };
