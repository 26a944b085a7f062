import {
  anyWord,
  belongsToNext,
  beside,
  counted,
  endsSmall,
  followsNumber,
  hasNeighbour,
  isCoded,
  isInitials,
  isLast,
  isMakersCode,
  isSeventh,
  isSharpAsSmallS,
  isTake,
  isTuning,
  type KeySight,
  tokenAfter,
  tokenBefore,
} from './key-sight.js';
import { type Token, wordsOf } from './tokens.js';
import { LETTER_FIRST, PITCHED, TRANSPOSING, UNPITCHED } from './vocabulary.js';

export interface KeyRule {
  id: string;
  /** What makes the letter a key. */
  says: string;
  /** Names that made the rule: `[name, key]`, or with the names beside it in the folder. */
  examples: readonly (readonly [string, string | null, ...string[]])[];
  holds(sight: KeySight): boolean;
}

const CHORD = /^(?:dim|aug|sus|add|min|maj)[a-z]{0,5}$/;

/** Before "Em", which then stands for "them". */
const THEM = new Set(['at', 'get', 'hang', 'kill', 'let', 'say', 'show', 'tell']);

/** Behind "Am", which then is a word: "Am your driver". */
const AM_I = new Set(['i', 'a', 'an', 'the', 'your', 'my', 'not', 'so', 'here', 'going', 'gonna', 'still']);

/** "Em And Me", "Bb King Live": the title of a song begins with a word that looks like a key. */
const opensTitle = (sight: KeySight): boolean => {
  const { spelling, name, tempo, musical } = sight;
  const after = tokenAfter(sight);
  if (spelling.from > 0 || spelling.to > 0 || after?.before !== ' ') return false;
  if (/^(?:and|or|me|my|the|you|is|to|of|for|all)$/.test(after.lower)) return true;
  return !musical && tempo === null && name.tokens.every(({ number }) => number === null);
};

const NAMED_SOUND = /(?:synth|bass|lead|pluck|kick|snare|tom|reese)s?$/;

export const KEY_RULES: readonly KeyRule[] = [
  {
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
      ['Chords Am F C G 120bpm.wav', null],
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
      // "AM" in capitals throughout may be A minor.
      if (isInitials(name, spelling) && !isSeventh(sight))
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
  },
  {
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
      // "organ in f 120 bpm"; "in a" is an article.
      if (
        before?.lower === 'in' &&
        token.text !== 'a' &&
        token.lower.length === 1 &&
        tokenAfter(sight)?.number != null
      )
        return beside(sight);
      if (sight.spelling.small) return false;
      if (before?.lower === 'tuned') return true;
      // "loop in C"; "in A" and "in B" may be parts.
      if (before?.lower === 'in' && token.text.length === 1)
        return token.text >= 'C' && tokenAfter(sight) === undefined && anyWord(sight, PITCHED);
      return before?.lower === 'key' || (before?.lower === 'of' && second?.lower === 'key');
    },
  },
  {
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
      // "118_gs" may be anything in a folder without such endings.
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
      // Chords that are neither major nor minor, or that nobody can read: "C# dim", "Asharp minro7b5".
      if (after !== undefined && /^[ _-]?$/.test(after.before) && CHORD.test(after.lower)) return false;
      if (
        /^[DG]b$/.test(name.tokens[spelling.from]?.text ?? '') &&
        before?.number != null &&
        before.number < 60
      )
        return name.tokens[spelling.from]?.before !== '' && isLast(sight) && before.text.startsWith('0');
      // "A flat", "B sharp" as two words.
      if (spelling.to > spelling.from && name.tokens[spelling.to]?.before === ' ')
        return isLast(sight) || beside(sight);
      return true;
    },
  },
  {
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
    ],
    holds: (sight) => {
      if (sight.spelling.plainness !== 'letter' || sight.spelling.small || !beside(sight)) return false;
      if (isTake(sight) || counted(sight) || belongsToNext(sight)) return false;
      if (sight.spelling.key <= 'C' && anyWord(sight, UNPITCHED) && !anyWord(sight, PITCHED)) return false;
      const after = tokenAfter(sight);
      // "90 BPM A Day Gone": an article.
      return (
        sight.name.tokens[sight.spelling.from]?.text !== 'A' || after === undefined || after.before !== ' '
      );
    },
  },
  {
    id: 'column',
    says: 'a letter in the place where other names of the folder have keys',
    examples: [
      ['OS_GIRL_808_B_Viking.wav', 'B', 'OS_GIRL_808_A#_Block.wav', 'OS_GIRL_808_G_Cash.wav'],
      [
        'dt02_kick-prcm_superdope_G.wav',
        'G',
        'dt02_kick-prcm_baldy-d_A.wav',
        'dt02_kick-prcm_lazerdub_F.wav',
      ],
      ['low_125_f.wav', 'F', 'gallop_120_bmin.wav', 'grainy_135_emin.wav', 'cutesy_105_amin.wav'],
      ['kick-duff-b.wav', null, 'kick-superdope_G.wav', 'kick-baldy_A.wav', 'kick-lazerdub_F.wav'],
      ['Loop E.wav', null, 'Loop A.wav', 'Loop B.wav', 'Loop C.wav', 'Loop D.wav'],
      ['AC24-C.wav', 'C', 'AC24-Cm.wav', 'AC24-Cm7.wav'],
      ['AC24-C.wav', null, 'AC24-A.wav', 'AC24-B.wav'],
      ['ZTTF_Pad_A.wav', null, 'ZTTF_Pad_B.wav', 'ZTTF_Pad_C.wav'],
      ['WT_Loop_A_130bpm.wav', 'A', 'WT_Loop_C#min_128bpm.wav', 'WT_Loop_Fmin_132bpm.wav'],
      ['E String.wav', null, 'A String.wav', 'D String.wav', 'G String.wav', 'B String.wav'],
    ],
    holds: (sight) =>
      sight.spelling.plainness === 'letter' &&
      (!sight.spelling.small || followsNumber(sight)) &&
      !isTake(sight) &&
      !counted(sight) &&
      !belongsToNext(sight) &&
      sight.series.tellsKeys(sight.name, sight.spelling.from),
  },
  {
    id: 'small-ending',
    says: 'a small letter that ends the name, in a folder whose names end in keys',
    examples: [
      ['bell_c.wav', 'C', 'glass_g.wav', 'harp_bb.wav', 'pluck_d.wav', 'marimba_fs.wav'],
      ['harp_bb.wav', 'Bb', 'glass_g.wav', 'bell_c.wav', 'pluck_d.wav', 'marimba_fs.wav'],
      ['toy_em.wav', 'Em', 'rhodes_am.wav', 'wurli_cmin.wav', 'felt_fm.wav', 'upright_gmaj.wav'],
      ['kit_118_gs.wav', 'G#', 'bass_118_e.wav', 'keys_122_c.wav', 'lead_124_fs.wav'],
      ['kit_118_gs.wav', null],
      ['stab_a.wav', null, 'stab_b.wav', 'harp_bb.wav', 'pluck_d.wav', 'marimba_fs.wav', 'glass_g.wav'],
      ['120bpm_alpha4s-g.wav', 'G', '120bpm_beta6s-d.wav', '120bpm_gamma-g.wav', '120bpm_delta-a.wav'],
      ['120bpm_alpha-d.wav', null, '120bpm_beta-b.wav', '120bpm_gamma-c.wav', '120bpm_delta-a.wav'],
      ['alpha-g.wav', null, 'beta-d.wav', 'gamma-e.wav', 'delta-a.wav'],
      ['full_a.wav', null, 'harp_bb.wav', 'pluck_d.wav', 'marimba_fs.wav', 'glass_g.wav'],
      ['stab_a.wav', null, 'chord_b.wav', 'stab_c.wav', 'chord_d.wav', 'early_am.wav'],
      ['where_i_am.wav', null, 'alt_b.wav', 'what_a.wav', 'shot_d.wav', 'say_em.wav'],
      ['wake_up_at_6_am.wav', null, 'bell_c.wav', 'harp_bb.wav', 'pluck_d.wav', 'marimba_fs.wav'],
      ['kick_a.wav', null, 'kick_b.wav', 'kick_c.wav', 'kick_d.wav', 'kick_e.wav'],
    ],
    holds: (sight) => sight.spelling.plainness === 'letter' && sight.spelling.small && endsSmall(sight),
  },
  {
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
      // "FX [A]": one of several, or somebody's initial.
      const isCounted = name.tokens.some(({ number }) => number !== null);
      if (spelling.key < 'D' && !isCounted && !anyWord(sight, PITCHED)) return false;
      const { before } = name.tokens[spelling.from] as Token;
      const rest = name.text.slice(name.tokens[spelling.to]?.end);
      return (/[([]$/.test(before) && /^[)\]]/.test(rest)) || (before === '_-__' && rest === '_');
    },
  },
  {
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
      // Nobody letters takes of a kick from D on; and where A and B are missing, C is none either.
      const late = sight.series.isFolder && sight.spelling.key >= (isCoded(sight) ? 'C' : 'D');
      if (anyWord(sight, UNPITCHED)) return (before === ' - ' && sight.spelling.key >= 'C') || late;
      if (isCoded(sight) && late) return true;
      return sight.tempo !== null || is808 || anyWord(sight, PITCHED);
    },
  },
  {
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
  },
  {
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
  },
  {
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
  },
];
