import { type Note, readNumber } from './field.js';
import { plainOf } from './numbers.js';

/** Beats per minute. Both ends are the same unless the value is a range. */
export interface Tempo {
  from: number;
  to: number;
}

/** `118-122`. */
const RANGE = /^\s*(\d{2,3}(?:\.\d+)?)\s*[-–—]\s*(\d{2,3}(?:\.\d+)?)\s*(?:bpm)?\s*$/i;

/** Returns a tempo above 0; null when it is missing, 0 or unusable. */
export function readTempo(name: string, value: unknown, note: Note): Tempo | null {
  const plain = plainOf(value);
  const [, from, to] = (typeof plain === 'string' && RANGE.exec(plain)) || [];
  if (from !== undefined && to !== undefined && Number(from) < Number(to))
    return { from: Number(from), to: Number(to) };
  const number = readNumber(name, plain, note, { units: ['bpm'] });
  if (number === null || number === 0) return null;
  if (number > 0) return { from: number, to: number };
  note(`${name}: negative`);
  return null;
}
