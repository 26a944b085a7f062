/** Rules for numbers by what stands around them in the name: codes, words, counts of files or bars, Camelot codes. */

import { wheelKeyAt } from './camelot.js';
import { plausible } from './tempo-range.js';
import { padded, type TempoRule } from './tempo-sight.js';
import type { Token } from './tokens.js';
import { BUILDS, MACHINE_NUMBERS } from './vocabulary.js';

export const vendorCodeRule: TempoRule = {
  id: 'vendor-code',
  says: "follows the vendor's and the pack's code at the start of the name",
  examples: [
    ['NH_ENR_105_drum_beryl.wav', 105],
    ['TSP_TJD_172_break_layered_2snare_junglism.wav', 172],
    ['DASHA_RUSH_130_acid_loop_02_01.wav', 130],
    ['OS_GIRL_808_B_Cruz.wav', null],
    ['ZAT_Clap_140.wav', null],
    ['ZEN_IMP_135_fx_down_lifter_one_shot_whisper.wav', 135],
    ['ZEN_135_fx_one_shot_zap.wav', null],
    ['ZEN_IMP_135_bass_one_shot_growl.wav', null],
    ['TL_TFX_104_Uplifter_One_Shot_FX.wav', 104],
    ['MA-120_64_Glass.wav', null],
  ],
  holds: ({ name: { tokens }, at, loop }) => {
    const after = tokens[at + 1];
    const isShot = loop === false && (at < 2 || !BUILDS.has(after?.lower ?? ''));
    if (at < 1 || at > 5 || isShot || padded(tokens[at] as Token)) return false;
    // "MA-120_64": either number may be the tempo, or none.
    const before = tokens[at - 1];
    if (before?.before !== '' && plausible(before) && before.number >= 60) return false;
    if (after === undefined || after.number !== null || after.before !== '_') return false;
    return tokens
      .slice(0, at)
      .every(({ text, lower, number }) => number !== null || (text !== lower && text === text.toUpperCase()));
  },
};

export const behindDrumsRule: TempoRule = {
  id: 'behind-drums',
  says: 'stands between the word "drum" or "drums", which follows a code, and the name of the pattern',
  examples: [
    ['US_JF_Drum_140_Dapocket_FULL.wav', 140],
    ['nn_drum_120_bay_kick.wav', 120],
    ['drum_120_kick.wav', null],
    ['US_JF_Drum_101_Kick.wav', null],
    ['US_JF_Drum_140_02.wav', null],
    ['tr_drum_100_low.wav', null, 'tr_drum_101_low.wav', 'tr_drum_102_low.wav'],
  ],
  holds: ({ name: { tokens }, at, loop }) => {
    const after = tokens[at + 1];
    return (
      loop !== false &&
      at > 1 &&
      /^drums?$/.test(tokens[at - 1]?.lower ?? '') &&
      tokens[at - 1]?.before === '_' &&
      tokens[at]?.before === '_' &&
      !padded(tokens[at] as Token) &&
      !MACHINE_NUMBERS.has(tokens[at]?.number as number) &&
      after?.number === null &&
      after.before === '_'
    );
  },
};

export const afterIndexRule: TempoRule = {
  id: 'after-index',
  says: 'ends the name after a number that is padded with zeros and so counts the files',
  examples: [
    ['BEATDOWNS_drum_fill_029_90.wav', 90],
    ['Kick Shot 029 90.wav', null],
    ['000_123.wav', null],
    ['Unorna_0_0_95.wav', null],
  ],
  holds: ({ name: { tokens }, at, loop }) =>
    loop !== false &&
    at === tokens.length - 1 &&
    at > 1 &&
    tokens[at]?.before === '_' &&
    /^0\d/.test(tokens[at - 1]?.text ?? '') &&
    !padded(tokens[at] as Token),
};

export const afterBarsRule: TempoRule = {
  id: 'after-bars',
  says: 'follows a number of bars',
  examples: [
    ['Obedience MS20 A 16b 122.wav', 122],
    ['turing 8bars_130.wav', 130],
    ['turing 8 bar 130.wav', 130],
    ['take 4b 100.wav', null],
    ['Jamie 1B 100.wav', null],
    ['song 16 bit 120.wav', null],
  ],
  holds: ({ name: { tokens }, at }) => {
    const unit = tokens[at - 1];
    const bars = tokens[at - 2]?.number ?? 0;
    if (unit === undefined || ![1, 2, 4, 8, 16, 32, 64].includes(bars)) return false;
    return /^bars?$/.test(unit.lower) || (unit.text === 'b' && unit.before === '' && bars >= 8);
  },
};

export const besideWheelRule: TempoRule = {
  id: 'beside-wheel',
  says: 'stands beside a code of the mixing wheel, each a part of its own',
  examples: [
    ['128 - 8A - Night Train (Edit).wav', 128],
    ['Tool 01 - 8A - 128.wav', 128],
    ['Night Train 2A 100.wav', null],
    ['Take 12 - 2A 100.wav', null],
  ],
  holds: ({ name: { tokens }, at }) => {
    const isPart = (from: number) => from === 0 || tokens[from]?.before === ' - ';
    const isApart = (token: Token | undefined) => token === undefined || token.before === ' - ';
    if (!isPart(at) || !isApart(tokens[at + 1])) return false;
    if (wheelKeyAt(tokens, at + 1) !== null) return isApart(tokens[at + 3]);
    return at >= 2 && wheelKeyAt(tokens, at - 2) !== null && isPart(at - 2);
  },
};
