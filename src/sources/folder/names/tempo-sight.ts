import type { KeySpelling } from './keys.js';
import type { Series } from './series.js';
import { plausible } from './tempo-range.js';
import type { Name, Token } from './tokens.js';
import { COUNTED, MACHINES, UNITS } from './vocabulary.js';

/** What a rule knows of the name when it judges a number without "BPM". */
export interface TempoSight {
  name: Name;
  at: number;
  keys: readonly KeySpelling[];
  /** The name, or the nearest folder that says so, speaks of a loop; null where neither says. */
  loop: boolean | null;
  /** The name, or a folder, names an instrument. */
  musical: boolean;
  series: Series;
}

export interface TempoRule {
  id: string;
  /** What makes the number a tempo. */
  says: string;
  /** Names that made the rule: `[name, tempo]`, or with the names beside it in the folder. */
  examples: readonly (readonly [string, number | null, ...string[]])[];
  holds(sight: TempoSight): boolean;
}

/** A number that may be a tempo at all: whole, apart from letters, no measure and no count of something. */
export function standsAlone({ tokens, text }: Name, at: number): boolean {
  const token = tokens[at];
  if (!plausible(token) || token.number < 60 || token.number > 200) return false;
  if (token.before === '' && at > 0) return false;
  const after = tokens[at + 1];
  if (after !== undefined && (after.before === '' || (!padded(token) && measures(after, tokens[at + 2]))))
    return false;
  const before = tokens[at - 1];
  if (before !== undefined && (COUNTED.has(before.lower) || MACHINES.has(`${before.lower} ${token.text}`)))
    return false;
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

/** Whether a word behind a number is its unit. "96_Db" is a tempo and a key, "80-Beat Loop" a loop of beats. */
function measures(unit: Token, next: Token | undefined): boolean {
  if (unit.before.length !== 1 || !UNITS.has(unit.lower) || unit.text === 'Db') return false;
  // "174_Beat_08": nobody has a loop of so many beats.
  if (unit.before === '_' && unit.lower === 'beat') return false;
  return !(/^(?:beat|step)s?$/.test(unit.lower) && next !== undefined && /^loops?$/.test(next.lower));
}

export const padded = (token: Token): boolean => token.text.length > 2 && token.text.startsWith('0');

export function besideMode(sight: TempoSight): boolean {
  return sight.keys.some(
    ({ plainness, from, to }) => plainness === 'mode' && (to === sight.at - 1 || from === sight.at + 1),
  );
}
