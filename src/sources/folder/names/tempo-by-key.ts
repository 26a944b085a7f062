/** Rules for numbers in a name that tells a key, by where the number and the key stand. */

import { besideMode, padded, standsAlone, type TempoRule } from './tempo-sight.js';
import type { Token } from './tokens.js';

export const besideKeyWithModeRule: TempoRule = {
  id: 'beside-key-with-mode',
  says: 'stands beside a key that names its mode',
  examples: [
    ['KSHMR_Kick_Hard_03_128_Fmin.wav', 128],
    ['60 guitar loop 095 Fmin.wav', null],
    ['Loop 93.50 BPM.wav', 93.5],
    ['Loop 139.500 BPM.wav', 139.5],
    ['CHS_93_Gm_Flute.wav', 93],
    ['Lead 120-Am.wav', 120],
    ['MTW_loop_reese_bass_3_140_Amin.wav', 140],
    ['RARE_percussion_Zither_Asia_dope_Amin_94_loop7.wav', 94],
    ['Pad_F#min_128.wav', 128],
    ['PT_135_Cm_Arp_04_8bars.wav', 135],
    ['Pt_135_Cm_Arp_04_8bars.wav', null],
    ['PT 135 Cm Arp.wav', null],
    ['PT_135_Arp_04.wav', null],
    ['Arp_PT_135_Cm.wav', null],
    ['PT_101_Cm_Arp.wav', null, 'PT_102_Gm_Bell.wav', 'PT_103_Fm_Pad.wav'],
    ['PT_101_Cm_01.wav', null, 'PT_102_Cm_01.wav', 'PT_103_Cm_01.wav'],
    ['Kick 118 Am.wav', null, 'Kick 119 Am.wav', 'Kick 120 Am.wav', 'Kick 121 Am.wav'],
  ],
  holds: (sight) => besideMode(sight) && !padded(sight.name.tokens[sight.at] as Token),
};

export const afterAccidentalRule: TempoRule = {
  id: 'after-accidental',
  says: 'follows a key with a sharp or a flat at once',
  examples: [
    ['PL_CEDMV3_02_Muted_Guitar_C#_128_Wet.wav', 128],
    ['VEC1 Sounds 118 G#.wav', null],
    ['as_159-1.wav', null],
  ],
  holds: ({ name: { tokens }, at, keys }) =>
    !padded(tokens[at] as Token) &&
    keys.some(({ plainness, small, to }) => plainness === 'accidental' && !small && to === at - 1),
};

export const keyElsewhereRule: TempoRule = {
  id: 'key-elsewhere',
  says: 'stands between the words of a name that tells a key elsewhere',
  examples: [
    ['SWD_Guitar_120_Sunken_C#m.wav', 120],
    ['DBC_70_lofi_melodic_kalimba_action_Cm_1.wav', 70],
    ['KMRBI_BP_140_fx_texture_one_shot_orchid_delay_Dmaj.wav', 140],
    ['VEC1 Sounds 118 Ampire G#.wav', null],
  ],
  holds: ({ name: { tokens }, at, keys, loop }) => {
    const after = tokens[at + 1];
    return (
      !padded(tokens[at] as Token) &&
      after !== undefined &&
      after.number === null &&
      after.before === '_' &&
      (at === 0 || tokens[at]?.before === '_') &&
      keys.some(({ plainness }) => plainness === 'mode' || (plainness === 'accidental' && loop !== false))
    );
  },
};

export const behindOpeningKeyRule: TempoRule = {
  id: 'behind-opening-key',
  says: 'ends a name that opens with a key and its mode',
  examples: [
    ['Bbm_jazz_190.wav', 190],
    ['Bb_jazz_190.wav', null],
    ['Bbm_jazz_101.wav', null, 'Bbm_jazz_100.wav', 'Bbm_jazz_102.wav'],
  ],
  holds: ({ name: { tokens }, at, keys, loop }) =>
    loop !== false &&
    at === tokens.length - 1 &&
    tokens[at]?.before === '_' &&
    !padded(tokens[at] as Token) &&
    keys.some(({ plainness, small, from }) => plainness === 'mode' && !small && from === 0),
};

export const beforeLastLetterRule: TempoRule = {
  id: 'before-last-letter',
  says: 'stands before the letter of a key that ends the name, both apart from the words',
  examples: [
    ['SCVNGR_synth_bouncy_stabs_02_108_C.wav', 108],
    ['FM_vocal_other_can_t_lose_this_time_150_E.wav', 150],
    ['KSHMR_Vocal_Energy_Booster_01_Ahh_128_D.wav', 128],
    ['low_125_f.wav', 125, 'gallop_120_bmin.wav', 'grainy_135_emin.wav', 'cutesy_105_amin.wav'],
    ['SMGP1_Bass_Shot_70_E.wav', null],
    ['Kick_120_C.wav', null],
    ['Pad 120 C.wav', null],
  ],
  holds: ({ name, name: { tokens }, at, keys, loop, series }) =>
    loop !== false &&
    (at > 2 || series.tellsKeys(name, at + 1) || series.tellsSmallKeys(name)) &&
    !padded(tokens[at] as Token) &&
    tokens[at]?.before === '_' &&
    tokens[at + 1]?.before === '_' &&
    keys.some(
      ({ from, to, small }) =>
        (!small || series.tellsKeys(name, from) || series.tellsSmallKeys(name)) &&
        from === at + 1 &&
        to === tokens.length - 1,
    ),
};

export const betweenWordsRule: TempoRule = {
  id: 'between-words',
  says: 'stands between words of a name that ends in the letter of a key',
  examples: [
    ['pt_acid_128_burr_F.wav', 128],
    ['Pad 100 dark F.wav', null],
  ],
  holds: ({ name: { tokens }, at, keys, loop }) => {
    const after = tokens[at + 1];
    if (loop === false || at < 1 || at > 3 || padded(tokens[at] as Token) || tokens[at]?.before !== '_')
      return false;
    if (after === undefined || after.number !== null || after.before !== '_') return false;
    return keys.some(
      ({ small, from, to }) =>
        !small && from > at + 1 && to === tokens.length - 1 && tokens[to]?.before === '_',
    );
  },
};

export const opensBeforeKeyRule: TempoRule = {
  id: 'opens-before-key',
  says: 'opens the name, followed by the letter of a key and by words',
  examples: [
    ['120_C_HousyBass_SP_01.wav', 120],
    ['101 A Day.wav', null],
    ['101_Kick.wav', null],
    ['71_F_Bell_SP_194_02.wav', null],
  ],
  holds: ({ name, name: { tokens }, at, keys, loop }) =>
    loop !== false &&
    at === 0 &&
    // "71_F_Bell_SP_194": either number may be the tempo, or none.
    !tokens.some((_, other) => other > 0 && standsAlone(name, other)) &&
    !padded(tokens[0] as Token) &&
    keys.some(
      ({ small, from, to }) =>
        !small && from === 1 && tokens[1]?.before === '_' && tokens[to + 1]?.before === '_',
    ),
};
