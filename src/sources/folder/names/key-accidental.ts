/** The rule for keys with a sharp or a flat and no mode: "G#", "Eb", "Csharp". */

import {
  anyWord,
  beside,
  endsSmall,
  isLast,
  type KeyRule,
  type KeySight,
  opensTitle,
  tokenAfter,
  tokenBefore,
} from './key-sight.js';
import { TRANSPOSING, UNPITCHED } from './vocabulary.js';

const CHORD = /^(?:dim|aug|sus|add|min|maj)[a-z]{0,5}$/;

/** "gs", "as": a small letter and an s that may stand for a sharp. */
const isSharpAsSmallS = ({ name, spelling }: KeySight): boolean =>
  /^[acdfg]s$/.test(name.tokens[spelling.from]?.text ?? '');

/** "P8-Db" among "P7-Bb", "P9-Em": a key after the file's number, no decibels as in "Drop -6 Db". */
const isInKeyColumn = (sight: KeySight): boolean =>
  isLast(sight) &&
  /^[_-]$/.test(sight.name.tokens[sight.spelling.from]?.before ?? '') &&
  !tokenBefore(sight)?.before.endsWith('-') &&
  sight.series.tellsModes(sight.name, sight.spelling.from);

export const accidentalRule: KeyRule = {
  id: 'accidental',
  says: 'has a sharp or a flat',
  examples: [
    ['VEC1 Sounds 118 G#.wav', 'G#'],
    ['ZDT_132_A#_Bass_Loop_1_SC.wav', 'A#'],
    ['PLX_ACT_140_fx_loop_top_Eb.wav', 'Eb'],
    ['Juno_Bass80_Csharp_125bpm.wav', 'C#'],
    ['growl_#D.wav', 'D#'],
    ['Take #A.wav', null],
    ['Piano C#3.wav', null],
    ['Drop -6 Db.wav', null],
    ['P8-Db.wav', 'Db', 'P7-Bb.wav', 'P6-Dm.wav', 'P5-Am.wav'],
    ['P8-Db.wav', null],
    ['P8-Db.wav', null, 'P7-Db.wav', 'P6-Db.wav', 'P5-Gb.wav'],
    ['P-8-Db.wav', null, 'P-7-Bb.wav', 'P-6-Dm.wav', 'P-5-Am.wav'],
    ['P8Db.wav', null, 'P7-Bb.wav', 'P6-Dm.wav', 'P5-Am.wav'],
    ['P8 Db.wav', null, 'P7 Bb.wav', 'P6 Dm.wav', 'P5 Am.wav'],
    ['Eb And Flow.wav', null],
    ['A Flat Tire.wav', null],
    ['Bb Trumpet.wav', null],
    ['C# dim strum.wav', null],
    ['Asharp minro7b5_00.flac', null],
    ['Bb_Snr.wav', null],
    ['Eb_Kick.wav', null],
    ['FJ_96_Db_Rhodes_Stabs.wav', 'Db'],
  ],
  holds: (sight) => {
    const { spelling, name } = sight;
    if (spelling.plainness !== 'accidental') return false;
    // "118_gs" may be anything, unless names of the folder end in small keys.
    if (spelling.small) return endsSmall(sight) || (beside(sight) && !isSharpAsSmallS(sight));
    const before = tokenBefore(sight);
    const after = tokenAfter(sight);
    if (opensTitle(sight)) return false;
    // Initials before a drum: "Bb_Snr".
    if (
      spelling.from === 0 &&
      /^[BE]b$/.test(name.tokens[0]?.text ?? '') &&
      anyWord(sight, UNPITCHED) &&
      !sight.series.tellsKeys(name, 0)
    )
      return false;
    if (after?.before === ' ' && TRANSPOSING.has(after.lower)) return false;
    // Chords that are neither major nor minor, or that are misspelled: "C# dim", "Asharp minro7b5".
    if (after !== undefined && /^[ _-]?$/.test(after.before) && CHORD.test(after.lower)) return false;
    if (
      /^[DG]b$/.test(name.tokens[spelling.from]?.text ?? '') &&
      before?.number != null &&
      before.number < 60 &&
      !isInKeyColumn(sight)
    )
      return name.tokens[spelling.from]?.before !== '' && isLast(sight) && before.text.startsWith('0');
    // "A flat", "B sharp" as two words.
    if (spelling.to > spelling.from && name.tokens[spelling.to]?.before === ' ')
      return isLast(sight) || beside(sight);
    return true;
  },
};
