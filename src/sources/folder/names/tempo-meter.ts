/** The rule for numbers before a part of a drummer and its meter. */

import { isBeforeMeter } from './meters.js';
import type { TempoRule } from './tempo-sight.js';

export const beforeMeterRule: TempoRule = {
  id: 'before-meter',
  says: 'stands between the style and the words "beat" or "fill" with their meter, in a name that opens with a number',
  examples: [
    ['1_funk_80_beat_4-4.wav', 80],
    ['94_funk-rock_92_fill_4-4.wav', 92],
    ['5_jazz_200_beat_3-4.wav', 200],
    ['78_jazz-fast_290_beat_4-4.wav', 290],
    ['3_ballad_45_beat_6-8.wav', 45],
    ['78_funk-groove1_138_beat_4-4.wav', 138],
    ['1_rock_105_beat_4-4_12.wav', 105],
    ['drummer1_session2_94_rock_92_fill_4-4.wav', 92],
    [
      '1_funk_80_beat_4-4.wav',
      80,
      '2_funk_81_beat_4-4.wav',
      '3_funk_82_fill_4-4.wav',
      '4_funk_83_fill_4-4.wav',
    ],
    [
      '1_funk_80_beat_4-4.wav',
      null,
      '1_funk_81_beat_4-4.wav',
      '1_funk_82_beat_4-4.wav',
      '1_funk_83_beat_4-4.wav',
    ],
    ['1_funk_80_beat.wav', null],
    ['1_funk_80_beat_44.wav', null],
    ['1_funk_80_beat_4-7.wav', null],
    ['1_funk_080_beat_4-4.wav', null],
    ['1_funk_30_beat_4-4.wav', null],
    ['1_funk_310_beat_4-4.wav', null],
    ['funk_80_beat_4-4.wav', null],
    ['kit_funk_80_beat_4-4.wav', null],
    ['1_funk-80_beat_4-4.wav', null],
    ['Funk_80_beat_4-4.wav', null],
    ['01_funk_80_groovy_4-4.wav', null],
    ['1_funk_80-beat_4-4.wav', null],
    ['1_funk_80_beat_4-4-4.wav', null],
  ],
  holds: ({ name: { tokens }, at, loop }) => loop !== false && isBeforeMeter(tokens, at),
};
