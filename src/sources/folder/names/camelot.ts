import type { Token } from './tokens.js';

/** The Camelot wheel: DJ programs write a key as a number from 1 to 12 and A (minor) or B (major). */
const WHEEL_A = ['Abm', 'Ebm', 'Bbm', 'Fm', 'Cm', 'Gm', 'Dm', 'Am', 'Em', 'Bm', 'F#m', 'C#m'];
const WHEEL_B = ['B', 'F#', 'Db', 'Ab', 'Eb', 'Bb', 'F', 'C', 'G', 'D', 'A', 'E'];

/** Returns the key for the Camelot code that begins at token `at` ("8A"); null if there is none. */
export function wheelKeyAt(tokens: readonly Token[], at: number): string | null {
  const number = tokens[at];
  const letter = tokens[at + 1];
  if (number === undefined || letter === undefined || letter.before !== '') return null;
  if (number.number === null || number.number < 1 || number.number > 12 || number.text.length > 2)
    return null;
  if (letter.text !== 'A' && letter.text !== 'B') return null;
  if (number.before === '' && at > 0) return null;
  const after = tokens[at + 2];
  if (after !== undefined && after.before === '') return null;
  return (letter.text === 'A' ? WHEEL_A : WHEEL_B)[number.number - 1] ?? null;
}
