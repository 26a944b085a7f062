/** Rules for letters that are keys because other names of the folder have keys in their place. */

import {
  belongsToNext,
  counted,
  endsSmall,
  isLast,
  isTake,
  type KeyRule,
  type KeySight,
  tokenBefore,
} from './key-sight.js';

/** "low_125_f": a letter that ends the name after a number and "_". */
const followsNumber = (sight: KeySight): boolean =>
  isLast(sight) &&
  sight.name.tokens[sight.spelling.from]?.before === '_' &&
  tokenBefore(sight)?.number != null;

export const columnRule: KeyRule = {
  id: 'column',
  says: 'a letter in the place where other names of the folder have keys',
  examples: [
    ['OS_GIRL_808_B_Viking.wav', 'B', 'OS_GIRL_808_A#_Block.wav', 'OS_GIRL_808_G_Cash.wav'],
    ['dt02_kick-prcm_superdope_G.wav', 'G', 'dt02_kick-prcm_baldy-d_A.wav', 'dt02_kick-prcm_lazerdub_F.wav'],
    ['low_125_f.wav', 'F', 'gallop_120_bmin.wav', 'grainy_135_emin.wav', 'cutesy_105_amin.wav'],
    ['kick-duff-b.wav', null, 'kick-superdope_G.wav', 'kick-baldy_A.wav', 'kick-lazerdub_F.wav'],
    ['Loop E.wav', null, 'Loop A.wav', 'Loop B.wav', 'Loop C.wav', 'Loop D.wav'],
    ['AC24-C.wav', 'C', 'AC24-Cm.wav', 'AC24-Cm7.wav'],
    ['AC24-C.wav', null, 'AC24-A.wav', 'AC24-B.wav'],
    ['ZTTF_Pad_A.wav', null, 'ZTTF_Pad_B.wav', 'ZTTF_Pad_C.wav'],
    ['WT_Loop_A_130bpm.wav', 'A', 'WT_Loop_C#min_128bpm.wav', 'WT_Loop_Fmin_132bpm.wav'],
    ['E String.wav', null, 'A String.wav', 'D String.wav', 'G String.wav', 'B String.wav'],
  ],
  holds: (sight) =>
    sight.spelling.plainness === 'letter' &&
    (!sight.spelling.small || followsNumber(sight)) &&
    !isTake(sight) &&
    !counted(sight) &&
    !belongsToNext(sight) &&
    sight.series.tellsKeys(sight.name, sight.spelling.from),
};

export const smallEndingRule: KeyRule = {
  id: 'small-ending',
  says: 'a small letter that ends the name, in a folder whose names end in keys',
  examples: [
    ['bell_c.wav', 'C', 'glass_g.wav', 'harp_bb.wav', 'pluck_d.wav', 'marimba_fs.wav'],
    ['harp_bb.wav', 'Bb', 'glass_g.wav', 'bell_c.wav', 'pluck_d.wav', 'marimba_fs.wav'],
    ['toy_em.wav', 'Em', 'rhodes_am.wav', 'wurli_cmin.wav', 'felt_fm.wav', 'upright_gmaj.wav'],
    ['kit_118_gs.wav', 'G#', 'bass_118_e.wav', 'keys_122_c.wav', 'lead_124_fs.wav'],
    ['kit_118_gs.wav', null],
    ['stab_a.wav', null, 'stab_b.wav', 'harp_bb.wav', 'pluck_d.wav', 'marimba_fs.wav', 'glass_g.wav'],
    ['120bpm_alpha4s-g.wav', 'G', '120bpm_beta6s-d.wav', '120bpm_gamma-g.wav', '120bpm_delta-a.wav'],
    ['120bpm_alpha-d.wav', null, '120bpm_beta-b.wav', '120bpm_gamma-c.wav', '120bpm_delta-a.wav'],
    ['alpha-g.wav', null, 'beta-d.wav', 'gamma-e.wav', 'delta-a.wav'],
    ['full_a.wav', null, 'harp_bb.wav', 'pluck_d.wav', 'marimba_fs.wav', 'glass_g.wav'],
    ['stab_a.wav', null, 'chord_b.wav', 'stab_c.wav', 'chord_d.wav', 'early_am.wav'],
    ['where_i_am.wav', null, 'alt_b.wav', 'what_a.wav', 'shot_d.wav', 'say_em.wav'],
    ['wake_up_at_6_am.wav', null, 'bell_c.wav', 'harp_bb.wav', 'pluck_d.wav', 'marimba_fs.wav'],
    ['kick_a.wav', null, 'kick_b.wav', 'kick_c.wav', 'kick_d.wav', 'kick_e.wav'],
  ],
  holds: (sight) => sight.spelling.plainness === 'letter' && sight.spelling.small && endsSmall(sight),
};
