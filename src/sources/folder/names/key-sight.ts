import { isSmallEnding } from './key-endings.js';
import { type KeySpelling, keyAt } from './keys.js';
import type { Series } from './series.js';
import { type Name, type Token, wordsOf } from './tokens.js';
import { LETTER_FIRST, LETTERED, PITCHED, SONG_PARTS } from './vocabulary.js';

/** What a rule knows of the name when it judges a letter that may be a key. */
export interface KeySight {
  name: Name;
  spelling: KeySpelling;
  series: Series;
  /** The tokens of the tempo; null while none is known. */
  tempo: { from: number; to: number } | null;
  /** The name, or a folder, names an instrument or a loop. */
  musical: boolean;
}

export const tokenBefore = ({ name, spelling }: KeySight): Token | undefined =>
  name.tokens[spelling.from - 1];
export const tokenAfter = ({ name, spelling }: KeySight): Token | undefined => name.tokens[spelling.to + 1];
export const isLast = ({ name, spelling }: KeySight): boolean => spelling.to === name.tokens.length - 1;
export const beside = ({ spelling, tempo }: KeySight): boolean =>
  tempo !== null && (tempo.to === spelling.from - 1 || tempo.from === spelling.to + 1);
export const isTake = ({ name, spelling, series }: KeySight): boolean => series.isTake(name, spelling.from);
/** "Take C", "Drop B": the letter counts. */
export const counted = (sight: KeySight): boolean => {
  const before = tokenBefore(sight);
  if (before === undefined) return false;
  const early = sight.spelling.key <= 'B' && !sight.series.tellsPlainKeys(sight.name, sight.spelling.from);
  return wordsOf(before).some((word) => LETTERED.has(word) || (early && SONG_PARTS.has(word)));
};
/** "FF_ET_reverse_tick_tock_D": the name opens with the codes of a vendor and a pack. */
export const isCoded = ({ name: { tokens } }: KeySight): boolean =>
  tokens[0]?.number === null &&
  tokens[1]?.before === '_' &&
  [tokens[0], tokens[1]].every((token) => token !== undefined && /^[A-Z0-9]{2,}$/.test(token.text));
/** "low_125_f". */
export const followsNumber = (sight: KeySight): boolean =>
  isLast(sight) &&
  sight.name.tokens[sight.spelling.from]?.before === '_' &&
  tokenBefore(sight)?.number != null;
/** "bell_c", "toy_em" in a folder whose names end in keys. */
export const endsSmall = (sight: KeySight): boolean =>
  isSmallEnding(sight.name, sight.spelling) &&
  sight.series.tellsSmallKeys(sight.name) &&
  !sight.series.isSmallTake(sight.name, sight.spelling.from) &&
  !hasNeighbour(sight);
/** "gs", "as". */
export const isSharpAsSmallS = ({ name, spelling }: KeySight): boolean =>
  /^[acdfg]s$/.test(name.tokens[spelling.from]?.text ?? '');
/** "E Guitar", "E-Bass": the letter belongs to the word behind it. */
export const belongsToNext = (sight: KeySight): boolean => {
  const after = tokenAfter(sight);
  if (after === undefined || (after.before !== ' ' && after.before !== '-')) return false;
  return LETTER_FIRST.has(after.lower) || (after.before === '-' && after.lower === 'bass');
};
/** "E-D", "C F": one of several letters. */
export const hasNeighbour = ({ name, spelling }: KeySight): boolean =>
  keyAt(name.tokens, spelling.from - 1) !== null || keyAt(name.tokens, spelling.to + 1) !== null;
/** "chord_AM7": A major with its seventh, in the name of a pitched sound. */
export const isSeventh = (sight: KeySight): boolean =>
  sight.spelling.to > sight.spelling.from &&
  /^(?:7|9|11|13)$/.test(sight.name.tokens[sight.spelling.to]?.text ?? '') &&
  anyWord(sight, PITCHED);
/** "Drop_D_Riff": how the guitar is tuned, not what is played. */
export const isTuning = (sight: KeySight): boolean =>
  tokenBefore(sight)?.lower === 'drop' && /^[A-D]$/.test(sight.spelling.key) && !isLast(sight);
export const anyWord = ({ name }: KeySight, words: ReadonlySet<string>): boolean =>
  name.tokens.some((token) => wordsOf(token).some((word) => words.has(word)));

/** "EM_134_soft_percussion": the maker's code opens the name. */
export const isMakersCode = ({ tokens }: Name, { from }: KeySpelling): boolean =>
  from === 0 && /^[A-G]M$/.test(tokens[0]?.text ?? '') && tokens[1]?.before === '_';

/** "FM", "AM": initials far more often than a major key, unless a tempo stands beside them. */
export const isInitials = ({ tokens }: Name, { from }: KeySpelling): boolean =>
  /^[A-G]M$/.test(tokens[from]?.text ?? '');
