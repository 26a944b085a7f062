import { isGluedToTempo } from './keys.js';
import { plausible } from './tempo-range.js';
import type { TempoRule, TempoSight } from './tempo-sight.js';
import { type Name, type Token, wordsOf } from './tokens.js';
import {
  COUNTED,
  EFFECT_CODES,
  LETTERED,
  LOOP_WORDS,
  MACHINE_NUMBERS,
  MACHINES,
  PART_CODES,
  STROKES,
  UNITS,
} from './vocabulary.js';

/** Returns whether a number that touches letters may be a tempo: "drm120", "HatLoop122", "124Am". */
export function standsGlued({ tokens }: Name, at: number): boolean {
  const token = tokens[at];
  if (!plausible(token) || token.number < 60 || token.number > 200 || token.text.startsWith('0'))
    return false;
  const before = tokens[at - 1];
  const after = tokens[at + 1];
  const left = token.before === '' && before !== undefined;
  const right = after?.before === '';
  if (!left && !right) return false;
  if (right && (after.number !== null || UNITS.has(after.lower))) return false;
  if (before === undefined) return true;
  if (before.number !== null) return !left;
  return (
    !COUNTED.has(before.lower) &&
    !LETTERED.has(before.lower) &&
    !MACHINES.has(`${before.lower} ${token.text}`)
  );
}

const touchesKey = ({ name: { tokens }, at, keys }: TempoSight): boolean =>
  keys.some(
    ({ plainness, small, from, to }) =>
      plainness === 'mode' &&
      !small &&
      ((to === at - 1 && tokens[at]?.before === '') || (from === at + 1 && tokens[from]?.before === '')),
  );

/** Returns whether the name has a key with more than a letter, or a letter that ends the name after "_". */
const tellsKey = ({ name: { tokens }, keys }: TempoSight): boolean =>
  keys.some(
    ({ plainness, small, from, to }) =>
      !small && (plainness !== 'letter' || (to === tokens.length - 1 && tokens[from]?.before === '_')),
  );

/** Returns the token that the number touches on the left; null if there is none, or if it touches one on the right. */
function codeBefore({ name: { tokens }, at }: TempoSight): Token | null {
  const code = tokens[at - 1];
  const after = tokens[at + 1];
  if (code === undefined || tokens[at]?.before !== '' || after?.before === '') return null;
  return code;
}

/** Rules for numbers that letters touch. */
export const GLUED_TEMPO_RULES: readonly TempoRule[] = [
  {
    id: 'touches-key',
    says: 'touches a key that names its mode',
    examples: [
      ['OrganLoop124Am.wav', 124],
      ['Bass G#m128.wav', 128],
      ['Bass_128F#m.wav', 128],
      ['Bass_Am7.wav', null],
      ['Guitar One Shots_ 1_Emaj79.wav', null],
      ['early 101am.wav', null],
      ['Bass 128C.wav', null],
    ],
    holds: (sight) => sight.loop !== false && touchesKey(sight),
  },
  {
    id: 'touches-word-and-key',
    says: "touches a word and the letter of a key, before the file's number",
    examples: [
      ['K02Lead120A-01.wav', 120],
      ['PO_DualBass100A-01.wav', 100],
      ['Kick120A-01.wav', null],
      ['Bass101A-01.wav', null],
      ['Lead120A.wav', null],
    ],
    holds: ({ name: { tokens }, at, loop }) => {
      const word = tokens[at - 1];
      if (loop === false || word === undefined || wordsOf(word).some((part) => STROKES.has(part)))
        return false;
      return !MACHINE_NUMBERS.has(tokens[at]?.number as number) && isGluedToTempo(tokens, at + 1);
    },
  },
  {
    id: 'behind-part-code',
    says: 'touches the code of a part, in a folder of loops or in a name that tells a key',
    examples: [
      ['dhn_bs122_driver_Am.wav', 122],
      ['fp_insp100_smoking_main_chord_layer2_C#.wav', 100],
      ['fp_mus100_emotion_arp_E.wav', 100],
      ['drm120_tribal_loop.wav', 120],
      ['ct_fill110_rousey.wav', 110],
      ['dhn_kick101_hard_C#.wav', null],
      ['hit100_metal_Am.wav', null],
      ['bass101_rubber_Am.wav', null],
      ['SM101_128_Bass_Loop_C.wav', 128],
      ['SM142_pad_C#m.wav', null],
      ['kit100_bass_Am.wav', null],
      ['mus100.wav', null, 'mus099.wav', 'mus101.wav'],
      ['drm120_loop.wav', null, 'drm121_loop.wav', 'drm122_loop.wav', 'drm123_loop.wav'],
      ['drm120_tribal.wav', null],
      ['dt_fx124_scrape_loop.wav', 124],
      ['dt_fx124_scrape_Am.wav', null],
      ['dt_fx101_loop.wav', null],
      ['drm808_loop.wav', null],
      ['bass 96k_Am.wav', null],
    ],
    holds: (sight) => {
      const code = codeBefore(sight);
      if (code === null || sight.loop === false) return false;
      if (!PART_CODES.has(code.lower) && !(sight.loop === true && EFFECT_CODES.has(code.lower))) return false;
      if (MACHINE_NUMBERS.has(sight.name.tokens[sight.at]?.number as number)) return false;
      return sight.loop === true || tellsKey(sight);
    },
  },
  {
    id: 'behind-several-codes',
    says: 'touches different codes in names of one folder',
    examples: [
      ['CJ_DL122_Full_01.wav', 122, 'CJ_BL122_Am_01.wav', 'CJ_BL122_Gm_02.wav'],
      ['CJ_PN124_Full.wav', 124, 'CJ_DL124_Full.wav'],
      ['CJ_DL122_Full_01.wav', null, 'CJ_DL122_Top_01.wav'],
      ['kick78_a.wav', null, 'snare78_a.wav'],
      ['SFX101_door.wav', null, 'AMB101_door.wav'],
    ],
    holds: (sight) => {
      const code = codeBefore(sight);
      if (code === null || sight.loop === false || sight.at < 2) return false;
      if (STROKES.has(code.lower) || MACHINE_NUMBERS.has(sight.name.tokens[sight.at]?.number as number))
        return false;
      return code.before === '_' && sight.series.isBehindCodes(sight.name, sight.at);
    },
  },
  {
    id: 'behind-loop-word',
    says: 'touches the word "loop" or "beat", where other names of the folder have the number too or the name tells a key',
    examples: [
      ['K02Beat120-01.wav', 120, 'K02Beat120-02.wav', 'K02Beat120-03.wav'],
      ['Beat120.wav', null, 'Beat121.wav', 'Beat122.wav'],
      ['CJ_HatLoop122.wav', 122, 'CJ_Bassline_122_Cm.wav'],
      ['DrumLoop126.wav', 126, 'BassLoop126F#m.wav'],
      ['DrumLoop126.wav', null],
      ['DrumLoop126.wav', null, 'DrumLoop125.wav', 'DrumLoop127.wav'],
    ],
    holds: (sight) => {
      const code = codeBefore(sight);
      if (code === null || !wordsOf(code).some((word) => LOOP_WORDS.has(word) || /^beats?$/.test(word)))
        return false;
      return sight.series.isCommon(sight.name, sight.at) || tellsKey(sight);
    },
  },
];
