/** Rules for keys that are a single small letter: "keys e 130bpm", "synth f", "808 c 1". */

import {
  anyWord,
  counted,
  hasNeighbour,
  type KeyRule,
  type KeySight,
  tokenAfter,
  tokenBefore,
} from './key-sight.js';
import { isBeforeBpm } from './small-letters.js';
import type { Token } from './tokens.js';
import { PITCHED, SONG_PARTS, UNPITCHED } from './vocabulary.js';

/** Words before an "a" that is an article: "in a", "like a". */
const BEFORE_ARTICLE = new Set(
  'and as at be by for from got have in is its just like made make need not of on or such than that this to upon was what with'.split(
    ' ',
  ),
);

/** Words before the initial of a person: "lil e", "mc d". */
const BEFORE_INITIAL = new Set('mc dj lil dr mr mrs ms big jay young kid lady by ft feat prod'.split(' '));

/** The letter is a part of its own and counts nothing, and the sound has a pitch. */
function mayBeKey(sight: KeySight): boolean {
  const { spelling, name } = sight;
  const token = name.tokens[spelling.from] as Token;
  const before = tokenBefore(sight);
  if (spelling.plainness !== 'letter' || !spelling.small || token.text.length > 1) return false;
  if (before === undefined || !/^[ _-]$/.test(token.before)) return false;
  // "r n b 90bpm": a letter among letters.
  if (before.text.length === 1 && before.number === null) return false;
  // "riff drop d": the tuning of a guitar.
  if (before.lower === 'drop') return false;
  if (BEFORE_ARTICLE.has(before.lower) || BEFORE_INITIAL.has(before.lower)) return false;
  if (counted(sight) || hasNeighbour(sight)) return false;
  return !anyWord(sight, UNPITCHED) || anyWord(sight, PITCHED);
}

/** "verse d 120bpm", "loop d 120bpm": the letter may count parts. */
const countsParts = (sight: KeySight): boolean => {
  const word = tokenBefore(sight)?.lower ?? '';
  return SONG_PARTS.has(word) && !PITCHED.has(word);
};

/** "synth f", "synth c 2", "808 c 1 .Maker": no word follows that the letter could belong to, as in "synth a day". */
function endsWords(sight: KeySight): boolean {
  const after = tokenAfter(sight);
  return after === undefined || after.number !== null || !/^[ _-]?$/.test(after.before);
}

export const smallBeforeTempoRule: KeyRule = {
  id: 'small-before-tempo',
  says: 'a small letter directly before a number with "BPM", unless the letters there count takes',
  examples: [
    ['keys e 130bpm.wav', 'E'],
    ['descending f 100bpm.wav', 'F'],
    ['alien c 100 bpm .Maker.wav', 'C'],
    ['choir a 140bpm.wav', 'A', 'keys am 80bpm.wav', 'pad f 140bpm.wav'],
    ['choir a 140bpm.wav', 'A', 'keys e 130bpm.wav'],
    ['choir a 140bpm.wav', null],
    ['choir b 140bpm.wav', null],
    ['choir a 140bpm.wav', null, 'keys b 130bpm.wav'],
    ['alien c 100bpm.wav', null, 'metal a 150bpm.wav', 'glass b 120bpm.wav'],
    ['stab b 120bpm.wav', null, 'stab a 120bpm.wav', 'keys e 130bpm.wav', 'keys am 80bpm.wav'],
    ['once in a 100bpm.wav', null, 'keys e 130bpm.wav', 'keys am 80bpm.wav'],
    ['i made a 100bpm loop.wav', null, 'keys e 130bpm.wav', 'keys am 80bpm.wav'],
    ['sing a 100bpm song.wav', null, 'keys e 130bpm.wav', 'keys am 80bpm.wav'],
    ['r n b 90bpm.wav', null, 'keys e 130bpm.wav'],
    ["r'n b 90bpm.wav", null],
    ['r&b 90bpm.wav', null, 'keys e 130bpm.wav'],
    ['plan d 90bpm.wav', null],
    ['lil e 90bpm.wav', null, 'keys am 80bpm.wav'],
    ['verse d 90bpm.wav', null, 'verse e 90bpm.wav'],
    ['loop d 90bpm.wav', null, 'loop e 90bpm.wav'],
    ['loop d 90bpm.wav', 'D', 'loop f#m 90bpm.wav'],
    ['riff drop d 150bpm.wav', null, 'keys e 130bpm.wav', 'keys am 80bpm.wav'],
    ['hi-c-90bpm.wav', null],
    ['chords-c-90bpm.wav', 'C', 'chords-f#m-80bpm.wav'],
    ['shaker e 90bpm.wav', null],
    ['bass wonky f 150 loop.wav', 'F', 'alien c 100bpm.wav', 'metal a 150bpm.wav'],
    ['bass wonky f 150 loop.wav', null, 'alien c 100bpm.wav'],
    ['bass wonky f 150 loop.wav', null],
  ],
  holds: (sight) => {
    const { spelling, name, series, tempo } = sight;
    if (!mayBeKey(sight) || tempo?.from !== spelling.to + 1) return false;
    const hasBpm = isBeforeBpm(name, spelling.from);
    const letter = name.tokens[spelling.from]?.text;
    // "sing a 100bpm song"
    const next = name.tokens[tempo.to + 1];
    if (letter === 'a' && next !== undefined && /^[ _-]?$/.test(next.before)) return false;
    if (series.smallLetters.isTakeBeforeBpm(name, spelling.from)) return false;
    // "hi-c-90bpm", "choir b 140bpm": a hyphen may join words, "a" and "b" may count takes.
    const isUnsure = name.tokens[spelling.from]?.before === '-' || letter === 'a' || letter === 'b';
    return series.smallLetters.areKeysBeforeBpm(
      countsParts(sight) ? 'longer' : isUnsure || !hasBpm ? 'two' : 'one',
    );
  },
};

export const besideSharpsRule: KeyRule = {
  id: 'beside-sharps',
  says: 'a small letter where names of the folder with the same words have a small key with a sharp',
  examples: [
    ['synth a.wav', 'A', 'synth c#.wav', 'synth f#.wav'],
    ['synth f 2 .Maker.wav', 'F', 'synth c# .Maker.wav'],
    ['scream c.wav', 'C', 'scream c#.wav'],
    ['vocal synth d.wav', 'D', 'synth c#.wav'],
    ['loud scream c.wav', null, 'scream c#.wav'],
    ['whistle e.wav', null, 'scream c#.wav'],
    ['synth a.wav', null, 'synth b.wav', 'synth c.wav'],
    ['synth a.wav', null, 'synth C#.wav'],
    ['synth a day.wav', null, 'synth c#.wav'],
    ['synth d3.wav', null, 'synth c#.wav'],
    ['like a.wav', null, 'like c#.wav'],
  ],
  holds: (sight) =>
    mayBeKey(sight) &&
    endsWords(sight) &&
    sight.series.smallLetters.hasSharpBeside(sight.name, sight.spelling.from),
};

export const after808Rule: KeyRule = {
  id: 'after-808',
  says: 'a small letter from c on after "808", where no name of the folder has "a" or "b" there',
  examples: [
    ['808 c 1.wav', 'C'],
    ['fat 808 c 12 .Maker.wav', 'C', 'clean 808 c 1 .Maker.wav'],
    ['808_e.wav', 'E'],
    ['808 c 1.wav', null, '808 a 1.wav'],
    ['808 b 1.wav', null],
    ['808 c 1.wav', null, '808 k 1.wav', '808 h 1.wav'],
    ['clap 808 c 1.wav', null],
    ['tr 808 c 1.wav', null],
    ['808 c hat.wav', null],
    ['808 c1.wav', null],
    ['909 c 1.wav', null],
  ],
  holds: (sight) =>
    mayBeKey(sight) &&
    endsWords(sight) &&
    tokenBefore(sight)?.text === '808' &&
    !anyWord(sight, UNPITCHED) &&
    !/^(?:tr|roland)$/.test(sight.name.tokens[sight.spelling.from - 2]?.lower ?? '') &&
    sight.series.smallLetters.areKeysAfter808(),
};
