/** The rule for numbers that other names of the folder tell. */

import { isNumbered, isStroke, mayBeInTime, type TempoRule } from './tempo-sight.js';

export const toldByOthersRule: TempoRule = {
  id: 'told-by-others',
  says: 'is the number that names of the folder that begin alike have as their tempo',
  examples: [
    ['Kit 02 - 82 - Drums.wav', 82, 'Kit 02 - 82 Gm - Bass.wav', 'Kit 02 - 82 Gm - Skank.wav'],
    ['Kit 02 - 83 - Drums.wav', null, 'Kit 02 - 82 Gm - Bass.wav', 'Kit 02 - 82 Gm - Skank.wav'],
    ['crunch_140.wav', 140, 'crunch_140_tops.wav'],
    ['crunch_140.wav', null, 'rattle_140_tops.wav'],
    ['itk_drums_124.wav', 124, 'itk_lead_124_em.wav', 'itk_strings_124_em.wav'],
    ['Chrd Cm Jazz 100.wav', null, 'Bass 100 BPM.wav', 'Pad_100_Am.wav', 'Lead_100_Am.wav'],
    ['Kick 124.wav', null, 'itk_lead_124_em.wav', 'itk_strings_124_em.wav'],
    ['A_05-Kick_88.wav', 88, 'A_01-Pad_88_BPM.wav', 'A_02-Bass_88_BPM.wav'],
    ['US_DTH_Pad_124_Future.wav', 124, 'US_DTH_Pad_124_Sound_Em.wav'],
    ['US_DTH_Pad_124.wav', 124, 'US_DTH_Pad_124_Sound_Em.wav'],
    ['US_DTH_Pad_123_Future.wav', null, 'US_DTH_Pad_124_Sound_Em.wav'],
    ['US_DTH_Pad_124_Future.wav', null, 'US_DTH_Pad_124_Sound_E.wav'],
    ['US_DTH_Lead_124_Future.wav', null, 'US_DTH_Pad_124_Sound_Em.wav'],
    ['US_DTH_Pad_101_Future.wav', null, 'US_DTH_Pad_101_Sound_124_Em.wav'],
    ['xs_bass_101_round.wav', null, 'xs_bass_101_acid_Em.wav'],
    ['IEC_PadOneShot_174_A#_02.wav', 174, 'IEC_PadOneShot_174_Cm_06.wav'],
    ['IEC_PadOneShot_174_A#_02.wav', null, 'IEC_PadLoop_174_Cm_06.wav'],
    ['IEC_PadOneShot_173_A#_02.wav', null, 'IEC_PadOneShot_174_Cm_06.wav'],
    ['Pad_Shot_101_dry.wav', null, 'Pad_Shot_101_dry_Em.wav'],
    ['A_Kick_88.wav', null, 'A_01-Pad_88_BPM.wav', 'A_02-Bass_88_BPM.wav'],
  ],
  holds: (sight) => {
    const by = sight.series.tempoToldBy(sight.name, sight.at);
    // A one-shot has the tempo only if a name that is the same up to the number tells it beside a key or "BPM".
    if (by === 'opening-key' && (sight.loop === false || !isStroke(sight.name))) return true;
    return by !== null && (mayBeInTime(sight) || (sight.loop === null && isNumbered(sight.name.tokens)));
  },
};
