import { LOOP_MAKERS, LOOP_WORDS, ONE_SHOT_WORDS } from './vocabulary.js';

export type Kind = 'loop' | 'one-shot';

/** Names that led to the lists of words, and the kind of each. */
export const KIND_EXAMPLES: readonly (readonly [string, Kind | null])[] = [
  ['SO_NS_85_drum_loop_moriche_1.wav', 'loop'],
  ['2020_DD_96_DrumLp2.wav', 'loop'],
  ['HihatLoop160BPM.wav', 'loop'],
  ['OS_SS_90_songstarter_piano_classy_Cm.wav', 'loop'],
  ['FW_808_One_Shot_Dirty_Sub_C.wav', 'one-shot'],
  ['MLEUC_bass_oneshot_growl_weird_E.wav', 'one-shot'],
  ['JUST_hit_brass_2.wav', 'one-shot'],
  ['Warm Pad.wav', null],
  ['Loop Hit.wav', null],
  ['Function Loops - Trance Kick 3.wav', null],
  ['Function Loops - Trance Bass Loop 3.wav', 'loop'],
  ['looperman-l-1118603-0068730-splint5ider-jungle-option-180.wav', 'loop'],
];

/** Returns the kind that the words tell; null if they tell none or both. */
export function kindIn(words: readonly string[]): Kind | null {
  // Loops from Looperman, few of which are called loops: "looperman-l-1118603-0068730-jungle-option-180".
  let loop = words[0] === 'looperman' && words[1] === 'l';
  let shot = false;
  for (const [at, word] of words.entries()) {
    if (word === 'loops' && LOOP_MAKERS.has(words[at - 1] ?? '')) continue;
    if (LOOP_WORDS.has(word) || (word.length > 5 && (word.endsWith('loop') || word.endsWith('loops'))))
      loop = true;
    else if (ONE_SHOT_WORDS.has(word)) shot = true;
  }
  return loop === shot ? null : loop ? 'loop' : 'one-shot';
}
