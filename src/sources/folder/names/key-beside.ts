/** Rules for letters that are keys because of what stands beside them: a word, the tempo, a bracket, a number. */

import {
  anyWord,
  belongsToNext,
  beside,
  counted,
  hasNeighbour,
  isTake,
  type KeyRule,
  type KeySight,
  tokenAfter,
  tokenBefore,
} from './key-sight.js';
import { type Token, wordsOf } from './tokens.js';
import { PITCHED, UNPITCHED } from './vocabulary.js';

const NAMED_SOUND = /(?:synth|bass|lead|pluck|kick|snare|tom|reese)s?$/;

export const keyWordRule: KeyRule = {
  id: 'key-word',
  says: 'stands after "key" or "tuned", before "key", or after "in" where a tempo follows or nothing does',
  examples: [
    ['looperman-l-5305911-0327807-kawaii-retro-chords 150 BPM Key D.wav', 'D'],
    ['vocal5keyE.wav', 'E'],
    ['pad in key of Bb.wav', 'Bb'],
    ['organ in f 120 bpm.wav', 'F'],
    ['Once in a 100 bpm.wav', null],
    ['guitar loop in C.wav', 'C'],
    ['Vocal in A.wav', null],
    ['once in a.wav', null],
    ['BD 808 Tuned C.wav', 'C'],
    ['tuned c.wav', null],
    ['looperman-l-3435224-0295149-future-bass-drum-loop-150 unknown key.wav', null],
    ['Key Bass.wav', null],
  ],
  holds: (sight) => {
    const token = sight.name.tokens[sight.spelling.from] as Token;
    if (token.lower.startsWith('key')) return true;
    const before = tokenBefore(sight);
    const second = sight.name.tokens[sight.spelling.from - 2];
    // "organ in f 120 bpm". In "in a", the "a" is an article.
    if (
      before?.lower === 'in' &&
      token.text !== 'a' &&
      token.lower.length === 1 &&
      tokenAfter(sight)?.number != null
    )
      return beside(sight);
    if (sight.spelling.small) return false;
    if (before?.lower === 'tuned') return true;
    // "loop in C". "in A" and "in B" may name parts.
    if (before?.lower === 'in' && token.text.length === 1)
      return token.text >= 'C' && tokenAfter(sight) === undefined && anyWord(sight, PITCHED);
    return before?.lower === 'key' || (before?.lower === 'of' && second?.lower === 'key');
  },
};

/** "OSS_G_90_drum_pocket": the letter may be the pack's code, as the capitals before it are the maker's. */
const isBehindCode = ({ name: { tokens }, spelling: { from } }: KeySight): boolean =>
  from === 1 && /^[A-Z]{2,}$/.test(tokens[0]?.text ?? '') && tokens[1]?.before === '_';

export const besideTempoRule: KeyRule = {
  id: 'beside-tempo',
  says: 'a letter beside the tempo',
  examples: [
    ['120_C_HousyBass_SP_01.wav', 'C'],
    ['K02Lead120A-01.wav', 'A'],
    ['Bass 128C.wav', null],
    ['ZTTF_Kit_1_126_Bpm_A_Bass_Loop.wav', 'A'],
    ['KSHMR Funk Guitar 14 (118, D).wav', 'D'],
    ['Loop 128bpm A.wav', null, 'Loop 128bpm B.wav', 'Loop 128bpm C.wav'],
    ['90 BPM A Day Gone.wav', null],
    ['DPT_Clap_Loop_125_Bpm_A.wav', null],
    ['Riff 120bpm E Guitar.wav', null],
    ['KATOMELODIES2_Percussion_Loop_AgreesiveUplifting_118bpm_D_07.wav', 'D'],
    ['OSS_G_90_drum_loop_pocket.wav', null],
    ['OSS_G_90_bass_loop_pocket.wav', 'G'],
    ['Dusty_G_90_drum_loop_pocket.wav', 'G'],
    ['OSS_90_G_drum_loop_pocket.wav', 'G'],
    ['OSS_G_90_drum_loop_pocket.wav', 'G', 'OSS_A#_90_drum_loop_dust.wav', 'OSS_C_90_drum_loop_tape.wav'],
  ],
  holds: (sight) => {
    if (sight.spelling.plainness !== 'letter' || sight.spelling.small || !beside(sight)) return false;
    if (isTake(sight) || counted(sight) || belongsToNext(sight)) return false;
    const isUnpitched = anyWord(sight, UNPITCHED) && !anyWord(sight, PITCHED);
    if (isUnpitched && (sight.spelling.key <= 'C' || isBehindCode(sight))) return false;
    const after = tokenAfter(sight);
    // "90 BPM A Day Gone": the "A" is an article.
    return (
      sight.name.tokens[sight.spelling.from]?.text !== 'A' || after === undefined || after.before !== ' '
    );
  },
};

export const bracketRule: KeyRule = {
  id: 'bracket',
  says: 'a letter alone within brackets',
  examples: [
    ['KSHMR RISER 03 (A).wav', 'A'],
    ['KSHMR_Brass_Stab_03_-__F_.wav', 'F'],
    ['Take (A).wav', null],
    ['FX [A].wav', null],
    ['Riser [F].wav', 'F'],
    ['Loop (A).wav', null, 'Loop (B).wav'],
    ['Ghost Ambiance (D to B).wav', null],
  ],
  holds: (sight) => {
    const { spelling, name } = sight;
    if (spelling.plainness !== 'letter' || spelling.small || isTake(sight) || counted(sight)) return false;
    // "FX [A]": the letter may count files or be an initial.
    const isCounted = name.tokens.some(({ number }) => number !== null);
    if (spelling.key < 'D' && !isCounted && !anyWord(sight, PITCHED)) return false;
    const { before } = name.tokens[spelling.from] as Token;
    const rest = name.text.slice(name.tokens[spelling.to]?.end);
    return (/[([]$/.test(before) && /^[)\]]/.test(rest)) || (before === '_-__' && rest === '_');
  },
};

export const beforePackRule: KeyRule = {
  id: 'before-pack',
  says: "a letter before the pack's name, in a name that opens with the file's number",
  examples: [
    ['019_Kick_A_-_MELODICDEEPHOUSE_Zenhiser.wav', 'A'],
    ['030_Synth_Hit_C_-_TECHNOLOGY_Zenhiser.wav', 'C'],
    ['Kick_A_-_HOUSE_Zenhiser.wav', null],
    ['019_Kick_Take_A_-_HOUSE_Zenhiser.wav', null],
  ],
  holds: (sight) => {
    const { spelling, name } = sight;
    if (spelling.plainness !== 'letter' || spelling.small || isTake(sight) || counted(sight)) return false;
    return (
      /^\d{3}$/.test(name.tokens[0]?.text ?? '') &&
      name.tokens[spelling.from]?.before === '_' &&
      tokenAfter(sight)?.before === '_-_' &&
      !hasNeighbour(sight)
    );
  },
};

export const afterIndexRule: KeyRule = {
  id: 'after-index',
  says: "a letter from E on behind the file's number, at the end of a sound's name or before a bracket",
  examples: [
    ['Kick 23 G.wav', 'G'],
    ['Frenchcore_Kick_5_G (Psy).wav', 'G'],
    ['CS15 Modsynth07 G.wav', 'G'],
    ['CS15 Reese09 A.wav', null],
    ['Kick 23 D.wav', null],
    ['Kick 23 G.wav', null, 'Kick 23 F.wav'],
    ['Seat 12 E.wav', null],
    ['Kick 23 G Funk.wav', null],
    ['Snare G 23.wav', null],
  ],
  holds: (sight) => {
    const { spelling, name, series } = sight;
    if (spelling.plainness !== 'letter' || spelling.small || spelling.key < 'E') return false;
    const before = tokenBefore(sight);
    const after = name.text.slice(name.tokens[spelling.to]?.end);
    return (
      before?.number != null &&
      before.number < 60 &&
      /^[ _]$/.test(name.tokens[spelling.from]?.before ?? '') &&
      (after === '' || /^[ _]?[([]/.test(after)) &&
      name.tokens.some((token) => wordsOf(token).some((word) => NAMED_SOUND.test(word))) &&
      !series.isLettered(name, spelling.from)
    );
  },
};
