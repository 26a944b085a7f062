/** The rule for numbers in the name of a loop. */

import { padded, type TempoRule } from './tempo-sight.js';
import type { Token } from './tokens.js';

export const loopRule: TempoRule = {
  id: 'loop',
  says: 'is the only number of its kind in the name of a loop',
  examples: [
    ['SO_NS_85_drum_loop_moriche_1.wav', 85],
    ['top_loop_125.wav', 125],
    ['BTB_Drum_Loop_20_FULL_140_Cmin.wav', 140],
    ['OSHI_melody_loop_out_of_place_98_G#.wav', 98],
    ['TRHZ_guitar_loop_sexychords_91_E.wav', 91],
    ['Loop 118.wav', null, 'Loop 117.wav', 'Loop 119.wav'],
    ['129_Caxixi_Loop.wav', 129, '130_Caxixi_Loop.wav', '129_Berimbau_Loop.wav', '130_Conga_Loop.wav'],
    ['Loop 007.wav', null],
    ['Loop 64 - 120.wav', null],
    ['Juno 106 loop.wav', null],
    ['drum loop 96k.wav', null],
    ['SLK_drum_fill_anaconda_150.wav', 150],
    ['Fill 101.wav', null, 'Fill 100.wav', 'Fill 102.wav'],
    ['TrampBreak_172.wav', 172, 'HotBreak_170.wav', 'OldBreak_174.wav', 'FunkBreak_168.wav'],
    ['Rock Beat Loop 120.wav', null, 'Ballad Loop 01.wav', 'Dance Loop 036.wav', 'House Bass Loop 02.wav'],
    ['DNB_174_Beat_Loop_08.wav', 174],
    ['015_a__Drum_Beat_174_beats64_bpm_-_Pack_bpm174.wav', 174],
    ['looperman-l-1118603-0068730-splint5ider-jungle-option-180.wav', 180],
  ],
  holds: ({ name: { tokens }, at, loop }) => loop === true && !padded(tokens[at] as Token),
};
