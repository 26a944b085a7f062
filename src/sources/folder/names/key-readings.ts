import { wheelKeyAt } from './camelot.js';
import { keyWordRule } from './key-beside.js';
import { KEY_RULES } from './key-rules.js';
import { isInitials, type KeySight } from './key-sight.js';
import { isGluedToTempo, type KeySpelling, keyAt, type Plainness, soundingKey } from './keys.js';
import type { Series } from './series.js';
import type { Name } from './tokens.js';

export interface KeyReading {
  key: string;
  plainness: Plainness;
  /** True for "A" to "D" if the letter may also count takes: no word says "key", and no other name shows a key there. */
  mayBeTake: boolean;
  from: number;
  to: number;
}

/** Returns every key that a name may spell, before rules apply. Three or more in a row ("Am F C G") are left out. */
export function spelledKeys({ tokens }: Name): KeySpelling[] {
  const found: KeySpelling[] = [];
  let row = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const spelling = keyAt(tokens, at);
    const touches =
      at > 0 && tokens[at]?.before === '' && tokens[at]?.text.length === 1 && !isGluedToTempo(tokens, at);
    if (spelling === null || touches) continue;
    row = found.length > 0 && found.at(-1)?.to === at - 1 ? row + 1 : 1;
    found.push(spelling);
    at = spelling.to;
    const next = keyAt(tokens, at + 1);
    if (row >= 3 && next === null) found.splice(-row);
  }
  return found;
}

/** Between two chords: "Am-C", "Am>C". */
const JOINED = /^\s*(?:-|–|—|>|->|&|\/|\+)\s*$/;

/**
 * "cm7-dm7", "Am to C", "Am-C": two chords in a row are what the sound plays. "AM_Gm" is the code of a maker and a key,
 * "Am_C" a key and a take.
 */
function isProgression(name: Name, one: KeySpelling, other: KeySpelling): boolean {
  if (soundingKey(one.key) === soundingKey(other.key) || isInitials(name, one) || isInitials(name, other))
    return false;
  if (one.plainness !== 'mode' && other.plainness !== 'mode') return false;
  const [first, second] = one.from < other.from ? [one, other] : [other, one];
  const between = name.tokens[first.to + 1];
  if (first.to + 2 === second.from) return between !== undefined && /^(?:to|or|and)$/.test(between.lower);
  if (first.to + 1 !== second.from) return false;
  return (one.plainness === 'mode' && other.plainness === 'mode') || JOINED.test(between?.before ?? '');
}

const RANK = { mode: 2, accidental: 1, letter: 0 } as const;

/** Returns the key that a name tells; null if it tells none, 'unclear' if it tells several. */
export function keyOf(
  name: Name,
  spellings: readonly KeySpelling[],
  { series, tempo, musical }: Pick<KeySight, 'series' | 'tempo' | 'musical'>,
): KeyReading | 'unclear' | null {
  let best: KeySpelling[] = [];
  let rank = -1;
  for (const spelling of spellings) {
    const own = isInitials(name, spelling) ? 1 : RANK[spelling.plainness];
    if (own < rank || !KEY_RULES.some((rule) => rule.holds({ name, spelling, series, tempo, musical })))
      continue;
    if (own > rank) best = [];
    rank = own;
    best.push(spelling);
  }
  const first = best[0];
  if (first === undefined) return wheelOf(name, series, tempo);
  if (best.some(({ key }) => soundingKey(key) !== soundingKey(first.key))) return 'unclear';
  if (best.some((one) => spellings.some((other) => isProgression(name, one, other)))) return 'unclear';
  const isTold = (spelling: KeySpelling) =>
    keyWordRule.holds({ name, spelling, series, tempo, musical }) ||
    series.tellsPlainKeys(name, spelling.from);
  return {
    key: first.key,
    plainness: first.plainness,
    mayBeTake: first.plainness === 'letter' && first.key <= 'D' && !best.some(isTold),
    ...withItsWord(name, first),
  };
}

/** Returns the place of a key, including the word "key" beside it: "Key of D", "Bm key". */
function withItsWord({ tokens }: Name, { from, to }: KeySpelling): Pick<KeyReading, 'from' | 'to'> {
  const before = tokens[from - 1]?.lower;
  if (before === 'key') return { from: from - 1, to };
  if (before === 'of' && tokens[from - 2]?.lower === 'key') return { from: from - 2, to };
  return { from, to: tokens[to + 1]?.lower === 'key' ? to + 1 : to };
}

/**
 * Returns the key of a Camelot code ("8A"): only beside the tempo, where DJ programs write it, or if several names of
 * the folder have different codes. A single "2A" may be a part.
 */
function wheelOf(name: Name, series: Series, tempo: { from: number; to: number } | null): KeyReading | null {
  const { tokens } = name;
  for (let at = 0; at < tokens.length - 1; at += 1) {
    const key = wheelKeyAt(tokens, at);
    if (key === null) continue;
    const byTempo = tempo !== null && (tempo.from === at + 2 || tempo.to === at - 1);
    if (byTempo || (series.tellsWheel && at === tokens.length - 2))
      return { key, plainness: 'mode', mayBeTake: false, from: at, to: at + 1 };
  }
  return null;
}
