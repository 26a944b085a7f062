import { isSmallEnding } from './key-endings.js';
import { type KeySpelling, keyAt } from './keys.js';
import type { Series } from './series.js';
import { type Name, type Token, wordsOf } from './tokens.js';
import { LETTER_FIRST, LETTERED, SONG_PARTS } from './vocabulary.js';

/** The input of a rule: a name, and the spelling in it that may be a key. */
export interface KeySight {
  name: Name;
  spelling: KeySpelling;
  series: Series;
  /** Indexes of the first and last token of the tempo; null if none is known. */
  tempo: { from: number; to: number } | null;
  /** True if the name or a folder names an instrument, a loop or a one-shot. */
  musical: boolean;
}

export interface KeyRule {
  id: string;
  /** What makes the letter a key. */
  says: string;
  /** Names that led to the rule: `[name, key, ...other names of the folder]`. */
  examples: readonly (readonly [string, string | null, ...string[]])[];
  holds(sight: KeySight): boolean;
}

export const tokenBefore = ({ name, spelling }: KeySight): Token | undefined =>
  name.tokens[spelling.from - 1];
export const tokenAfter = ({ name, spelling }: KeySight): Token | undefined => name.tokens[spelling.to + 1];
export const isLast = ({ name, spelling }: KeySight): boolean => spelling.to === name.tokens.length - 1;
/** The tempo stands directly before or after the spelling. */
export const beside = ({ spelling, tempo }: KeySight): boolean =>
  tempo !== null && (tempo.to === spelling.from - 1 || tempo.from === spelling.to + 1);
export const isTake = ({ name, spelling, series }: KeySight): boolean => series.isTake(name, spelling.from);
/** "Take C", "Drop B": the letter counts takes or parts. */
export const counted = (sight: KeySight): boolean => {
  const before = tokenBefore(sight);
  if (before === undefined) return false;
  const early = sight.spelling.key <= 'B' && !sight.series.tellsPlainKeys(sight.name, sight.spelling.from);
  return wordsOf(before).some((word) => LETTERED.has(word) || (early && SONG_PARTS.has(word)));
};
/** "bell_c", "toy_em", in a folder whose names end in keys in small letters. */
export const endsSmall = (sight: KeySight): boolean =>
  isSmallEnding(sight.name, sight.spelling) &&
  sight.series.tellsSmallKeys(sight.name) &&
  !sight.series.isSmallTake(sight.name, sight.spelling.from) &&
  !hasNeighbour(sight);
/** "E Guitar", "E-Bass": the letter belongs to the word after it. */
export const belongsToNext = (sight: KeySight): boolean => {
  const after = tokenAfter(sight);
  if (after === undefined || (after.before !== ' ' && after.before !== '-')) return false;
  return LETTER_FIRST.has(after.lower) || (after.before === '-' && after.lower === 'bass');
};
/** "E-D", "C F": another key stands directly before or after it. */
export const hasNeighbour = ({ name, spelling }: KeySight): boolean =>
  keyAt(name.tokens, spelling.from - 1) !== null || keyAt(name.tokens, spelling.to + 1) !== null;
export const anyWord = ({ name }: KeySight, words: ReadonlySet<string>): boolean =>
  name.tokens.some((token) => wordsOf(token).some((word) => words.has(word)));

/** "FM", "AM": they are initials far more often than a major key, unless a tempo stands beside them. */
export const isInitials = ({ tokens }: Name, { from }: KeySpelling): boolean =>
  /^[A-G]M$/.test(tokens[from]?.text ?? '');

/** "Em And Me", "Bb King Live": the title of a song begins with a word that looks like a key. */
export const opensTitle = (sight: KeySight): boolean => {
  const { spelling, name, tempo, musical } = sight;
  const after = tokenAfter(sight);
  if (spelling.from > 0 || spelling.to > 0 || after?.before !== ' ') return false;
  if (/^(?:and|or|me|my|the|you|is|to|of|for|all)$/.test(after.lower)) return true;
  return !musical && tempo === null && name.tokens.every(({ number }) => number === null);
};
