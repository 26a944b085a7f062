/** The rule for keys that name their mode: "Fmin", "A minor", "C_M". */

import {
  anyWord,
  beside,
  endsSmall,
  isInitials,
  isLast,
  type KeyRule,
  type KeySight,
  opensTitle,
  tokenAfter,
  tokenBefore,
} from './key-sight.js';
import type { KeySpelling } from './keys.js';
import type { Name, Token } from './tokens.js';
import { PITCHED } from './vocabulary.js';

/** Words before an "Em" that stands for "them". */
const THEM = new Set(['at', 'get', 'hang', 'kill', 'let', 'say', 'show', 'tell']);

/** Words after an "Am" that is a verb: "Am your driver". */
const AM_I = new Set(['i', 'a', 'an', 'the', 'your', 'my', 'not', 'so', 'here', 'going', 'gonna', 'still']);

/** "EM_134_soft_percussion": the name begins with the code of its maker. */
const isMakersCode = ({ tokens }: Name, { from }: KeySpelling): boolean =>
  from === 0 && /^[A-G]M$/.test(tokens[0]?.text ?? '') && tokens[1]?.before === '_';

/** "chord_AM7": A major with its seventh, in the name of a pitched sound. */
const isSeventh = (sight: KeySight): boolean =>
  sight.spelling.to > sight.spelling.from &&
  /^(?:7|9|11|13)$/.test(sight.name.tokens[sight.spelling.to]?.text ?? '') &&
  anyWord(sight, PITCHED);

/** "B25-GM" among "B24-Dbm", "B23-D": names of the folder end in keys and write minor with a small m. */
const isMajorInColumn = (sight: KeySight): boolean =>
  isLast(sight) &&
  tokenBefore(sight)?.number != null &&
  sight.series.tellsModes(sight.name, sight.spelling.from);

export const modeRule: KeyRule = {
  id: 'mode',
  says: 'names its mode',
  examples: [
    ['KSHMR_Kick_Hard_03_128_Fmin.wav', 'Fm'],
    ['Cymatics - Acoustic Chord Loop 11 - 180 BPM D# Maj.wav', 'D#'],
    ['DBM_SDT_DOINGTHEMOST_GUZHENG_100BPM_A-MINOR.wav', 'Am'],
    ['ORBIT_ERA_90_chord_piano_loop_vintage_creeper_F-sharp-min.wav', 'F#m'],
    ['VPI_kit2_brake_vocal_double_dry_85_gsharp_minor_1.wav', 'G#m'],
    ['jh_kit3_crispy_vocal_loop_80_ASm.wav', 'A#m'],
    ['SOULSURPLUS_sombersoul_melodic_loop_6_electric_bass_dry_chillhop_80_bpm_FSmin.wav', 'F#m'],
    ['Cymatics - Crypto - 143 BPM Ds Min.wav', 'D#m'],
    ['Pad (G♭ minor).aiff', 'Gbm'],
    ['RHSH_Brass_Saxophones_01_keyEm_103bpm.wav', 'Em'],
    ['lft2_synth_one_shot_low_mood_Cm9.wav', 'Cm'],
    ['NAS_90_Emaj7_Ocean_Choir_a.wav', 'E'],
    ['Bass_C_M.wav', 'C'],
    ['Lab Melody 120 bpm C Melodic Minor.wav', 'Cm'],
    ['Keys_F#_harmonic_minor_100bpm.wav', 'F#m'],
    ['Some Harmonic Minor Thing.wav', null],
    ['Vintage Am Radio Tuning 01.wav', null],
    ['Sailor Voice Say Hang Em 01.wav', null],
    ['freak_fm_135_dmin.wav', 'Dm'],
    ['reese_fm_174.wav', null],
    ['Bass FM 140.wav', null],
    ['rava type beat 115 bpm Cshm.wav', 'C#m'],
    ['04_Dmn_176bpm_bass.wav', 'Dm'],
    ['glo beat cu kainted 139 bpm Eb m.wav', 'Ebm'],
    ['DonKody_Yellow_FbMin_75.wav', 'Fbm'],
    ['Donna 2 - 2B.wav', null, 'Donna 2 - 3A.wav', 'Jamie 1A.wav', 'Jamie 1B.wav', 'Lisa 4B.wav'],
    ['DS_SCD_150_synth_arp_loop_barrens_fm_bpm140.wav', 'Fm'],
    ['AT_Mnml_122_Bass_Synth_Loop_Diex_dm.wav', 'Dm'],
    ['Dark fm bell.wav', null],
    ['A Minor Thing.wav', null],
    ['Here I Am.wav', null],
    ['Am i wrong.wav', null],
    ['BRV_Am_your_driver_Scratch.wav', null],
    ['GC_pedalsteel_chord_AM7.wav', 'A'],
    ['GC_kick_AM7.wav', null],
    ['AM_OPII_Guitar_Session_02_SWELL_05_145bpm_Gmaj.wav', 'G'],
    ['AM Radio.wav', null],
    ['EM_134_soft_percussion_loop.wav', null],
    ['F9THbass90bpmDmin.wav', 'Dm'],
    ['SO_CM_130_vocal_pase_choir_Gmin.wav', 'Gm'],
    ['BASS LOOP 140 BPM AM.wav', null],
    ['Synth 128bpm CM.wav', 'C'],
    ['B25-GM.wav', 'G', 'B24-Dbm.wav', 'B23-D.wav', 'B22-Em.wav'],
    ['B25-GM.wav', null, 'B24-DM.wav', 'B23-AM.wav', 'B22-EM.wav'],
    ['B25-GM.wav', null, 'B24-D.wav', 'B23-A.wav', 'B22-F#.wav'],
    ['B25-GM.wav', null],
    ['Chords Am F C G 120bpm.wav', null],
    ['cm7-dm7-115bpm-loop.wav', null],
    ['Dm-cm7-115bpm-loop.wav', null],
    ['dm7-115bpm-loop.wav', 'Dm'],
    ['dm7-dm-115bpm-loop.wav', 'Dm'],
    ['AM_Gm_115bpm_loop.wav', 'Gm'],
    ['Am_C_115bpm_loop.wav', 'Am'],
    ['piano Am bass Dm.wav', null],
    ['Em And Me.wav', null],
    ['Fm Radio Star.wav', null],
    ['Em Pad.wav', 'Em'],
  ],
  holds: (sight) => {
    const { spelling, name } = sight;
    if (spelling.plainness !== 'mode') return false;
    // "..._122_Bass_Synth_Loop_Diex_dm": at the end of a name that tells its tempo.
    if (spelling.small)
      return (
        beside(sight) ||
        endsSmall(sight) ||
        (sight.tempo !== null && isLast(sight) && name.tokens[spelling.from]?.before === '_')
      );
    const token = name.tokens[spelling.from] as Token;
    // In a name that is all in capitals, "AM" may be A minor.
    if (isInitials(name, spelling) && !isSeventh(sight) && !isMajorInColumn(sight))
      if (!beside(sight) || name.text === name.text.toUpperCase()) return false;
    const after = tokenAfter(sight);
    if (opensTitle(sight) || isMakersCode(name, spelling)) return false;
    if (token.text === 'Am' && (tokenBefore(sight)?.lower === 'i' || AM_I.has(after?.lower ?? '')))
      return false;
    // "AM Radio", "Fm Radio".
    if (/^[AF]m$/.test(token.text) && after?.lower === 'radio') return false;
    // "Get Em", "Bustin' At Em".
    if (token.text === 'Em' && THEM.has(tokenBefore(sight)?.lower ?? '') && !beside(sight)) return false;
    // "A Minor Thing": within a sentence, "A" is an article.
    if (token.lower !== 'a' || name.tokens[spelling.to]?.before !== ' ' || after === undefined) return true;
    return beside(sight) || after.number !== null || after.before !== ' ';
  },
};
