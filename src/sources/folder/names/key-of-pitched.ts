/** Rules for letters in the names of pitched sounds. */

import {
  anyWord,
  counted,
  hasNeighbour,
  isLast,
  isTake,
  type KeyRule,
  type KeySight,
  tokenAfter,
  tokenBefore,
} from './key-sight.js';
import type { Token } from './tokens.js';
import { LETTER_FIRST, PITCHED, UNPITCHED } from './vocabulary.js';

/** "FF_ET_reverse_tick_tock_D": the name begins with the codes of a vendor and a pack. */
const isCoded = ({ name: { tokens } }: KeySight): boolean =>
  tokens[0]?.number === null &&
  tokens[1]?.before === '_' &&
  [tokens[0], tokens[1]].every((token) => token !== undefined && /^[A-Z0-9]{2,}$/.test(token.text));

/** "Drop_D_Riff": the letter is the tuning of the guitar, not the key. */
const isTuning = (sight: KeySight): boolean =>
  tokenBefore(sight)?.lower === 'drop' && /^[A-D]$/.test(sight.spelling.key) && !isLast(sight);

export const endOfPitchedRule: KeyRule = {
  id: 'end-of-pitched',
  says: 'a letter that ends the name of a pitched sound, or of a loop that tells its tempo, apart from the words',
  examples: [
    ['FW_808_One_Shot_Dirty_Sub_C.wav', 'C'],
    ['Cymatics - LEAD Hornet - C.wav', 'C'],
    ['PLX_ACT_140_fx_loop_distract_C.wav', 'C'],
    ['STCR2_VPSH_Bass_One_Shot_Gravity_A.wav', 'A'],
    ['SCVNGR_synth_bouncy_stabs_02_108_C.wav', 'C'],
    ['SM101_128_Bass_Loop_C.wav', 'C'],
    ['DPT_Snare_Fill_One_Shot_A.wav', null],
    ['Cymatics - Kick 18 - G.wav', 'G'],
    ['dt02_punchy_smashup_G.wav', null],
    [
      'dt02_kick-punchy_smashup_G.wav',
      'G',
      'dt02_kick-punchy_pound.wav',
      'dt02_kick-punchy_lax.wav',
      'dt02_kick-punchy_jerk.wav',
      'dt02_kick-punchy_kutsky.wav',
    ],
    ['STC2_VPSH_122_Kit_Loop_Asleep_Sub_Drop_G.wav', 'G'],
    ['TLYKST_808_nice_A.wav', 'A'],
    ['TLYKST_808_nice_A.wav', null, 'TLYKST_808_nice_B.wav'],
    ['clap_808_A.wav', null],
    ['Vox_DirtySample_E-D.wav', null],
    ['Pad A.wav', null],
    ['Bass D.wav', null],
    ['Bass_Take_A.wav', null],
    ['09 SOT synth loop 127 atmospheric2 C.wav', 'C'],
  ],
  holds: (sight) => {
    if (sight.spelling.plainness !== 'letter' || sight.spelling.small || !isLast(sight)) return false;
    const { before } = sight.name.tokens[sight.spelling.from] as Token;
    const is808 = sight.name.tokens.some(({ text }) => text === '808');
    const apart =
      before === ' ' && sight.tempo !== null && sight.spelling.key >= 'C' && anyWord(sight, PITCHED);
    if (
      !(/[_-]/.test(before) || apart) ||
      before === '-' ||
      isTake(sight) ||
      counted(sight) ||
      hasNeighbour(sight)
    )
      return false;
    // Takes of a kick are lettered from A on. In a folder of several names a letter from D on counts no takes if the
    // letters before it are missing; in a name that begins with codes, C counts none either.
    const late = sight.series.isFolder && sight.spelling.key >= (isCoded(sight) ? 'C' : 'D');
    if (anyWord(sight, UNPITCHED)) return (before === ' - ' && sight.spelling.key >= 'C') || late;
    if (isCoded(sight) && late) return true;
    return sight.tempo !== null || is808 || anyWord(sight, PITCHED);
  },
};

export const partOfPitchedRule: KeyRule = {
  id: 'part-of-pitched',
  says: 'a letter that is a part of its own, by "_" or "-", in the name of a pitched sound; A and B only where it is "tuned"',
  examples: [
    ['OS_TE_Sub_C_Bags.wav', 'C'],
    ['PMTQ_Brass_F_Huge.wav', 'F'],
    ['ESM_Vibe_One_Shot_Synth_Organic_LoFi_Smeared_D_Melodic_Stab_Note_Dusty.wav', 'D'],
    ['DBR_172_reese_loop_03_F_-_Zenhiser.wav', 'F'],
    ['Bass_A_Day.wav', null],
    ['Vox_Take_C_Dry.wav', null],
    ['Vox_C_D_E.wav', null],
    ['C_Bell_221_SP03.wav', 'C'],
    ['E_Guitar_Strum.wav', null],
    ['C_01-Pad_92_BPM.wav', null],
    ['Drop_D_Riff.wav', null],
    ['028_Tuned_Tom_A_-_HOUSE.wav', 'A'],
    ['028_Tom_A_High_-_HOUSE.wav', null],
    ['027_Tuned_Tom_A_High_-_HOUSE.wav', 'A'],
    ['WavePoint-C-BassHit10.wav', 'C'],
    ['WavePoint-A-BassHit10.wav', null],
    ['Jam-E-Bass.wav', null],
  ],
  holds: (sight) => {
    const { spelling, name } = sight;
    if (spelling.plainness !== 'letter' || spelling.small || isTake(sight) || counted(sight)) return false;
    const isTuned = name.tokens.some(({ lower }) => lower === 'tuned');
    if ((spelling.key < 'C' && !isTuned) || hasNeighbour(sight) || isTuning(sight)) return false;
    // "E_Guitar", "C_01-Pad": at the beginning the letter may belong to the word, or to the file's number.
    const after = tokenAfter(sight);
    if (spelling.from === 0 && (LETTER_FIRST.has(after?.lower ?? '') || after?.text.startsWith('0')))
      return false;
    const left = name.tokens[spelling.from]?.before;
    const right = after?.before ?? '';
    const parted =
      ((spelling.from === 0 || left === '_') && /^_(?:-_)?$/.test(right)) ||
      (name.tokens.at(-1)?.number != null && left === '-' && right === '-');
    return parted && (isTuned || anyWord(sight, PITCHED) || tokenBefore(sight)?.text === '808');
  },
};
