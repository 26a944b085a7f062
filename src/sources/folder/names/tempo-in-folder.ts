/** Rules for numbers that stand where other names of the folder have tempos or keys. */

import { isVelocity } from './tempo-range.js';
import { mayBeInTime, type TempoRule } from './tempo-sight.js';
import { STROKES } from './vocabulary.js';

export const sharedRule: TempoRule = {
  id: 'shared',
  says: 'opens or closes the name as it does those of other files in the folder, whose words differ',
  examples: [
    ['080_strange-mermaid.wav', 80, '080_lofi-hatty-crackle.wav', '080_too-much-pot-groove.wav'],
    ['150_rain.wav', 150, '150_wind.wav', '96_sea.wav'],
    ['Piano_C4_100.wav', null, 'Piano_D4_100.wav', 'Piano_E4_100.wav'],
    ['Violin_p_60.wav', null, 'Violin_f_60.wav', 'Violin_p_62.wav', 'Violin_f_62.wav'],
    ['001_bass2.wav', null, '002_kick.wav', '003_snare.wav'],
    ['81_Kick_09_SP.wav', null, '81_Clap_06_SP.wav', '81_Hat_07_SP.wav'],
  ],
  holds: ({ name, at, series, loop }) =>
    (isVelocity(name.tokens, at) || name.tokens.some(({ lower }) => STROKES.has(lower))
      ? loop === true
      : loop !== false) && series.isShared(name, at),
};

/** Names that open with tempos, beside one that opens with its id at Freesound. */
const FREESOUND_FOLDER = [
  '090_afro.wav',
  '099_bonger.wav',
  '110_bendy.wav',
  '120_dorky.wav',
  '120_glitchy.wav',
  '143_evil2.wav',
  '143_evil3.wav',
  '160_jungle.wav',
  '196904__user__robot.wav',
];

export const tempoColumnRule: TempoRule = {
  id: 'tempo-column',
  says: 'stands where the names of the folder have tempos and nothing else',
  examples: [
    [
      'hop_100_tops.wav',
      100,
      'loud_140_tops.wav',
      'jump_140_tops.wav',
      'nod_170_tops.wav',
      'wet_170_tops.wav',
    ],
    ['spacey_bass_100.wav', 100, 'bullett_140.wav', 'wave_140.wav', 'clicks_170.wav', 'wet_170.wav'],
    ['spacey_100.wav', null, 'bullett_140.wav', 'wave_140.wav', 'clicks_170.wav', 'wet_170.wav'],
    ['cup bass 100.wav', null, 'cup bass 100 close.wav', 'tin bass 64.wav', 'tin bass 64 close.wav'],
    ['kick_snare_130.wav', 130, 'bullett_140.wav', 'wave_140.wav', 'clicks_170.wav', 'wet_170.wav'],
    ['kick_hard_130.wav', null, 'bullett_140.wav', 'wave_140.wav', 'clicks_170.wav', 'wet_170.wav'],
    ['spacey_100.wav', null, 'bullett_140.wav', 'wave_140.wav', 'clicks_170.wav', 'wet_170.wav', 'dry_3.wav'],
    [
      'DIABLO 94.wav',
      94,
      'BEAT 12 90 BPM.wav',
      'BEAT 13 90 BPM.wav',
      'BEAT 14 102BPM.wav',
      'BEAT 15 98 BPM.wav',
    ],
    ['CG_092_Am_GTR01.wav', 92, 'CG_092_Am_GTR02.wav', 'CG_100_Em_GTR01.wav', 'CG_078_D_GTR03.wav'],
    ['088_Bass_03.wav', 88, '095_BS_01.wav', '095_DR_01.wav', '102_BS_02.wav', '102_DR_02.wav'],
    ['yoi_F_140.wav', 140, 'growl_F#_150.wav', 'neuro_G_174.wav', 'reese_E_172.wav'],
    ['Sometimes extended 112.wav', null, 'Africa 170 BPM.wav', 'Vocals 177bpm.wav', 'Chords 144bpm.wav'],
    ['Sound 118 C.wav', null, 'Sound 64 A.wav', 'Sound 121 D#.wav', 'Sound 122 G.wav'],
    ['Congas_112_02.wav', 112, 'Congas_104_01.wav', 'Bongos_104_01.wav', 'Shaker_120_03.wav'],
    ['Gate_110_02.wav', null, 'Door_104_01.wav', 'Lock_104_01.wav', 'Hinge_120_03.wav'],
    ['Piano_C4_100.wav', null, 'Piano_D4_100.wav', 'Cello_C4_120.wav', 'Cello_D4_120.wav'],
    ['090_afro.wav', 90, ...FREESOUND_FOLDER.slice(1)],
    ['143_evil2.wav', 143, ...FREESOUND_FOLDER.filter((name) => name !== '143_evil2.wav')],
    ['196904__user__robot.wav', null, ...FREESOUND_FOLDER.slice(0, -1)],
    ['090_afro.wav', null, ...FREESOUND_FOLDER.slice(1), '017_last.wav'],
    [
      '090_afro.wav',
      null,
      '091_bonger.wav',
      '092_bendy.wav',
      '093_dorky.wav',
      '093_glitchy.wav',
      '094_evil2.wav',
      '094_evil3.wav',
      '095_jungle.wav',
    ],
    [
      '090_afro.wav',
      null,
      '099_bonger.wav',
      '110_bendy.wav',
      '120_dorky.wav',
      '133_glitchy.wav',
      '143_evil2.wav',
      '152_evil3.wav',
      '160_jungle.wav',
    ],
    ['door_101.wav', null, 'gate_101.wav', 'door_102.wav', 'gate_102.wav', 'lock_103.wav', 'lock_104.wav'],
  ],
  holds: (sight) => {
    if (!mayBeInTime(sight)) return false;
    const sign = sight.series.tellsTempos(sight.name, sight.at);
    return (
      sign === 'keys' || sign === 'opening' || (sign === 'sounds' && (sight.loop === true || sight.musical))
    );
  },
};

export const afterKeyColumnRule: TempoRule = {
  id: 'after-key-column',
  says: 'follows the letter of a key at once, where other names of the folder have keys in its place',
  examples: [
    ['Reese 01 F 174.wav', 174, 'Reese 02 G 174.wav', 'Reese 03 E 172.wav', 'Reese 04 D# 170.wav'],
    ['DTP_Atmos_F_122_03.wav', 122, 'DTP_Chord_Am_124_01.wav', 'DTP_Chord_Gm_124_02.wav'],
    ['Reese 01 F 174.wav', null, 'Reese 02 G 175.wav'],
    ['Pad F 100.wav', null, 'Pad G 101.wav', 'Lead E 102.wav'],
  ],
  holds: ({ name, at, keys, loop, series }) =>
    loop !== false &&
    keys.some(({ small, to }) => !small && to === at - 1) &&
    series.tellsPlainKeys(name, at - 1),
};
