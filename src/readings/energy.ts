import { type Note, readNumber } from './field.js';
import { isPlainNumber, plainOf, unitOf } from './numbers.js';

/**
 * Returns an energy; null when it is missing or unusable. Values from over 10 to 100 are per cent. Values up to 10 may
 * be on another scale, and stay. Other plain numbers stay too, since stored texts hold them; in another notation
 * (`150%`) they cannot be used.
 */
export function readEnergy(name: string, value: unknown, note: Note): number | null {
  const plain = plainOf(value);
  const number = readNumber(name, plain, note, { units: ['%'] });
  if (number === null) return null;
  const isShare = unitOf(plain) === '%';
  if (!isPlainNumber(plain) && (number < 0 || number > (isShare ? 1 : 100))) {
    note(`${name}: out of range`);
    return null;
  }
  return number > 10 && number <= 100 ? number / 100 : number;
}
