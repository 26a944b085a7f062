import type { Name } from './tokens.js';

/** How loud a note is played; rr is short for round robin. */
const DYNAMICS = new Set(['pp', 'mp', 'mf', 'ff', 'fff', 'ppp', 'sfz', 'rr']);

/** Returns the words of a name that may tell which sound it is: no single letters, no dynamics. */
export function soundWords({ tokens }: Name): string[] {
  const words: string[] = [];
  for (const { number, lower } of tokens)
    if (number === null && lower.length > 1 && !DYNAMICS.has(lower) && !words.includes(lower))
      words.push(lower);
  return words;
}

/**
 * Returns whether each name has a word that the other lacks. "crunch" and "crunch tops" are one sound; so are
 * "violin p" and "violin f".
 */
export const areOtherSounds = (first: readonly string[], second: readonly string[]): boolean =>
  first.some((word) => !second.includes(word)) && second.some((word) => !first.includes(word));
