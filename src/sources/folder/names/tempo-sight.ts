import { type KeySpelling, keyAt } from './keys.js';
import { isBeforeMeter } from './meters.js';
import type { Series } from './series.js';
import { plausible } from './tempo-range.js';
import { type Name, type Token, wordsOf } from './tokens.js';
import { COUNTED, MACHINES, STROKES, UNITS } from './vocabulary.js';

/** The input of a rule: a name, and a number in it without "BPM". */
export interface TempoSight {
  name: Name;
  /** Index of the number's token. */
  at: number;
  keys: readonly KeySpelling[];
  /** True for a loop or a part that plays in time, false for a one-shot or "foley"; null if nothing tells. */
  loop: boolean | null;
  /** True if the name or a folder names an instrument, a loop or a one-shot. */
  musical: boolean;
  series: Series;
}

export interface TempoRule {
  id: string;
  /** What makes the number a tempo. */
  says: string;
  /** Names that led to the rule: `[name, tempo, ...other names of the folder]`. */
  examples: readonly (readonly [string, number | null, ...string[]])[];
  holds(sight: TempoSight): boolean;
}

/**
 * Returns whether a number may be a tempo: 60 to 200, touched by no letter, without a unit, and no count; 40 to 300 before
 * a meter.
 */
export function standsAlone({ tokens, text }: Name, at: number): boolean {
  if (isBeforeMeter(tokens, at)) return true;
  const token = tokens[at];
  if (!plausible(token) || token.number < 60 || token.number > 200) return false;
  if (token.before === '' && at > 0) return false;
  const after = tokens[at + 1];
  if (after !== undefined && (after.before === '' || (!padded(token) && measures(after, tokens[at + 2]))))
    return false;
  const before = tokens[at - 1];
  if (before !== undefined && MACHINES.has(`${before.lower} ${token.text}`)) return false;
  if (before !== undefined && COUNTED.has(before.lower) && !isCodeBeforeKey(tokens, at)) return false;
  const next = text.charAt(token.end);
  if (next === '%' || next === '°') return false;
  const last = text.charAt(token.start - 1);
  return (
    last !== '#' &&
    last !== '+' &&
    last !== '$' &&
    !(last === '-' && /[\s_(]/.test(text.charAt(token.start - 2)))
  );
}

/**
 * "PT_135_Cm_Arp_04": the name opens with two capitals, then a number and a key with its mode, and another number counts
 * the file. The capitals are the code of a maker; they are not short for "part".
 */
function isCodeBeforeKey(tokens: readonly Token[], at: number): boolean {
  const key = keyAt(tokens, at + 1);
  return (
    at === 1 &&
    /^[A-Z]{2}$/.test(tokens[0]?.text ?? '') &&
    tokens[1]?.before === '_' &&
    tokens[2]?.before === '_' &&
    key?.plainness === 'mode' &&
    !key.small &&
    isNumbered(tokens)
  );
}

/** "A_05-Kick_88": 05 is the number of the file, so that 88 counts nothing. */
export const isNumbered = (tokens: readonly Token[]): boolean =>
  tokens.some(({ text }) => /^0\d$/.test(text));

/** Returns whether a word after a number is its unit. "96_Db" is a tempo and a key, "80-Beat Loop" a beat at 80. */
function measures(unit: Token, next: Token | undefined): boolean {
  if (unit.before.length !== 1 || !UNITS.has(unit.lower) || unit.text === 'Db') return false;
  // "174_Beat_08": no loop has 174 beats.
  if (unit.before === '_' && unit.lower === 'beat') return false;
  return !(/^(?:beat|step)s?$/.test(unit.lower) && next !== undefined && /^loops?$/.test(next.lower));
}

/** "007", "095": a number of three digits or more that begins with a zero. */
export const padded = (token: Token): boolean => token.text.length > 2 && token.text.startsWith('0');

/** Returns whether a key with its mode stands directly before or after the number. */
export function besideMode(sight: TempoSight): boolean {
  return sight.keys.some(
    ({ plainness, from, to }) => plainness === 'mode' && (to === sight.at - 1 || from === sight.at + 1),
  );
}

/** "kick_hard" is one stroke, "kick_snare_silky" a pattern. */
export function isStroke({ tokens }: Name): boolean {
  const strokes = new Set<string>();
  for (const token of tokens)
    for (const word of wordsOf(token)) if (STROKES.has(word)) strokes.add(word.replace(/s$/, ''));
  return strokes.size === 1;
}

/** Returns whether the sound may have a tempo: a loop, or neither a one-shot nor a stroke. */
export const mayBeInTime = ({ name, loop }: TempoSight): boolean =>
  loop === true || (loop === null && !isStroke(name));
