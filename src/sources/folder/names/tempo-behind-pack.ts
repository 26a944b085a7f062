/** The rule for numbers between the name of a pack and the letter of a key. */

import { instrumentsIn } from './instruments.js';
import type { TempoRule } from './tempo-sight.js';
import { padded, standsAlone } from './tempo-sight.js';
import { type Name, type Token, wordsOf } from './tokens.js';
import { MACHINE_NUMBERS, UNPITCHED } from './vocabulary.js';

/** "Touch-Lo-Fi-House": at least three words, joined by hyphens, none of which names an instrument or is a code. */
function isPackName(words: readonly Token[]): boolean {
  return (
    words.length >= 3 &&
    words.every(
      ({ number, before, text }, i) =>
        number === null && (i === 0 || before === '-') && text !== text.toUpperCase(),
    ) &&
    instrumentsIn(words.flatMap(wordsOf)).length === 0
  );
}

/** Returns whether another number counts the file, so that this one does not; a second tempo would leave it open. */
function hasOtherCount(name: Name, at: number): boolean {
  const isCount = ({ text, number }: Token) => /^\d\d?$/.test(text) && (number ?? 60) < 60;
  return (
    name.tokens.some((token, i) => i > at && isCount(token)) &&
    !name.tokens.some((_, i) => i !== at && standsAlone(name, i))
  );
}

export const behindPackNameRule: TempoRule = {
  id: 'behind-pack-name',
  says: "stands between the name of a pack and the letter of a key, in a sound's name that has a number of its own",
  examples: [
    ['Touch-Lo-Fi-House_115_C_Rhodes_TL_01.wav', 115],
    ['Touch-Lo-Fi-House_115_C_Rhodes_TL.wav', null],
    ['Touch-Lo-Fi-House_115_C_Day_TL_01.wav', null],
    ['Touch-Lo-Fi-House_115_C_Clap_TL_01.wav', null],
    ['Touch-Lo-Fi-House_115_C_Rhodes_Shot_01.wav', null],
    ['Touch-Lo-Fi-House_115_C_Rhodes_120_01.wav', null],
    ['Touch-Lo-Fi-House_101_C_Rhodes_TL_01.wav', null],
    [
      'Touch-Lo-Fi-House_115_C_Rhodes_01.wav',
      null,
      'Touch-Lo-Fi-House_115_A_Rhodes_01.wav',
      'Touch-Lo-Fi-House_115_B_Rhodes_01.wav',
    ],
    ['Warm-House_115_C_Rhodes_TL_01.wav', null],
    ['Warm-Grand-Piano_100_C_Soft_01.wav', null],
    ['Yamaha-SY_77_C_Pad_01.wav', null],
    ['Big-Old-SY_77_C_Pad_01.wav', null],
  ],
  holds: ({ name, name: { tokens }, at, keys, loop, musical, series }) =>
    loop !== false &&
    musical &&
    tokens[at]?.before === '_' &&
    !padded(tokens[at] as Token) &&
    !MACHINE_NUMBERS.has(tokens[at]?.number as number) &&
    isPackName(tokens.slice(0, at)) &&
    keys.some(
      ({ plainness, small, from, to }) =>
        plainness === 'letter' &&
        !small &&
        from === at + 1 &&
        tokens[from]?.before === '_' &&
        tokens[to + 1]?.before === '_' &&
        tokens[to + 1]?.number === null &&
        !series.isTake(name, from),
    ) &&
    !tokens.some((token) => wordsOf(token).some((word) => UNPITCHED.has(word))) &&
    hasOtherCount(name, at),
};
