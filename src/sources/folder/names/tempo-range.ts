import type { Token } from './tokens.js';

export const SLOWEST = 40;
export const FASTEST = 300;

export function plausible(token: Token | undefined): token is Token & { number: number } {
  return token !== undefined && token.number !== null && token.number >= SLOWEST && token.number <= FASTEST;
}

/** "Piano_C4_100": a number after a note of the keyboard is its velocity, how hard the key was struck. */
export function isVelocity(tokens: readonly Token[], at: number): boolean {
  const octave = tokens[at - 1];
  return octave?.number != null && octave.before === '' && /^[a-g][#b]?$/.test(tokens[at - 2]?.lower ?? '');
}
