import type { Token } from './tokens.js';

/** The wheel of mixing: the number and letter that DJ programs write for a key. */
const WHEEL_A = ['Abm', 'Ebm', 'Bbm', 'Fm', 'Cm', 'Gm', 'Dm', 'Am', 'Em', 'Bm', 'F#m', 'C#m'];
const WHEEL_B = ['B', 'F#', 'Db', 'Ab', 'Eb', 'Bb', 'F', 'C', 'G', 'D', 'A', 'E'];

/** "8A" at token `at`: the key that the code of the mixing wheel stands for. */
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
