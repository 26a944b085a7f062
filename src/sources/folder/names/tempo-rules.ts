import type { KeySpelling } from './keys.js';
import type { Series } from './series.js';
import { isVelocity, plausible } from './tempo-range.js';
import { type Name, type Token, wordsOf } from './tokens.js';
import { BUILDS, COUNTED, MACHINE_NUMBERS, MACHINES, STROKES, UNITS, UNPITCHED } from './vocabulary.js';

/** What a rule knows of the name when it judges a number without "BPM". */
export interface TempoSight {
  name: Name;
  at: number;
  keys: readonly KeySpelling[];
  /** The name, or the nearest folder that says so, speaks of a loop; null where neither says. */
  loop: boolean | null;
  /** The name, or a folder, names an instrument. */
  musical: boolean;
  series: Series;
}

export interface TempoRule {
  id: string;
  /** What makes the number a tempo. */
  says: string;
  /** Names that made the rule: `[name, tempo]`, or with the names beside it in the folder. */
  examples: readonly (readonly [string, number | null, ...string[]])[];
  holds(sight: TempoSight): boolean;
}

/** A number that may be a tempo at all: whole, apart from letters, no measure and no count of something. */
export function standsAlone({ tokens, text }: Name, at: number): boolean {
  const token = tokens[at];
  if (!plausible(token) || token.number < 60 || token.number > 200) return false;
  if (token.before === '' && at > 0) return false;
  const after = tokens[at + 1];
  if (after !== undefined && (after.before === '' || (!padded(token) && measures(after, tokens[at + 2]))))
    return false;
  const before = tokens[at - 1];
  if (before !== undefined && (COUNTED.has(before.lower) || MACHINES.has(`${before.lower} ${token.text}`)))
    return false;
  const next = text.charAt(token.end);
  if (next === '%' || next === '°') return false;
  const last = text.charAt(token.start - 1);
  return (
    last !== '#' &&
    last !== '+' &&
    last !== '$' &&
    !(last === '-' && /[\s_(]/.test(text.charAt(token.start - 2)))
  );
}

/** Whether a word behind a number is its unit. "96_Db" is a tempo and a key, "80-Beat Loop" a loop of beats. */
function measures(unit: Token, next: Token | undefined): boolean {
  if (unit.before.length !== 1 || !UNITS.has(unit.lower) || unit.text === 'Db') return false;
  // "174_Beat_08": nobody has a loop of so many beats.
  if (unit.before === '_' && unit.lower === 'beat') return false;
  return !(/^(?:beat|step)s?$/.test(unit.lower) && next !== undefined && /^loops?$/.test(next.lower));
}

const isUnpitched = ({ tokens }: Name): boolean =>
  tokens.some((token) => wordsOf(token).some((word) => UNPITCHED.has(word)));

const padded = (token: Token): boolean => token.text.length > 2 && token.text.startsWith('0');

export function besideMode(sight: TempoSight): boolean {
  return sight.keys.some(
    ({ plainness, from, to }) => plainness === 'mode' && (to === sight.at - 1 || from === sight.at + 1),
  );
}

export const TEMPO_RULES: readonly TempoRule[] = [
  {
    id: 'bracket-pair',
    says: 'stands before a key within brackets',
    examples: [
      ['KSHMR Sax Loop 65 (120, Gm).wav', 120],
      ['KSHMR Funk Guitar 14 (118, D).wav', 118],
    ],
    holds: ({ name: { tokens, text }, at, keys }) =>
      /[([{]\s*$/.test((tokens[at] as Token).before) &&
      keys.some(({ from, to }) => from === at + 1 && /^\s*[)\]}]/.test(text.slice(tokens[to]?.end))),
  },
  {
    id: 'bracketed',
    says: 'stands alone within brackets',
    examples: [
      ['[128] Deep Sky.wav', 128],
      ['Deep Sky (174).wav', 174],
      ['Deep Sky (2).wav', null],
      ['Snare Hit (120).wav', null],
      ['Noise double hit (138).wav', 138, 'Noise LFO 1 (138).wav'],
      ['perc (120).wav', null],
      ['Tops (128).wav', 128],
      ['take (101).wav', null, 'take (100).wav', 'take (102).wav'],
    ],
    holds: ({ name, name: { tokens, text }, at, loop, series }) =>
      (loop === true || series.isCommon(name, at) || (loop === null && !isUnpitched(name))) &&
      /[([{]$/.test((tokens[at] as Token).before) &&
      /^[)\]}]/.test(text.slice(tokens[at]?.end)) &&
      !padded(tokens[at] as Token),
  },
  {
    id: 'beside-key-with-mode',
    says: 'stands beside a key that names its mode',
    examples: [
      ['KSHMR_Kick_Hard_03_128_Fmin.wav', 128],
      ['60 guitar loop 095 Fmin.wav', null],
      ['Loop 93.50 BPM.wav', 93.5],
      ['Loop 139.500 BPM.wav', 139.5],
      ['CHS_93_Gm_Flute.wav', 93],
      ['Lead 120-Am.wav', 120],
      ['MTW_loop_reese_bass_3_140_Amin.wav', 140],
      ['RARE_percussion_Zither_Asia_dope_Amin_94_loop7.wav', 94],
      ['Pad_F#min_128.wav', 128],
      ['Kick 118 Am.wav', null, 'Kick 119 Am.wav', 'Kick 120 Am.wav', 'Kick 121 Am.wav'],
    ],
    holds: (sight) => besideMode(sight) && !padded(sight.name.tokens[sight.at] as Token),
  },
  {
    id: 'after-accidental',
    says: 'follows a key with a sharp or a flat at once',
    examples: [
      ['PL_CEDMV3_02_Muted_Guitar_C#_128_Wet.wav', 128],
      ['VEC1 Sounds 118 G#.wav', null],
      ['as_159-1.wav', null],
    ],
    holds: ({ name: { tokens }, at, keys }) =>
      !padded(tokens[at] as Token) &&
      keys.some(({ plainness, small, to }) => plainness === 'accidental' && !small && to === at - 1),
  },
  {
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
  },
  {
    id: 'key-elsewhere',
    says: 'stands between the words of a name that tells a key elsewhere',
    examples: [
      ['SWD_Guitar_120_Sunken_C#m.wav', 120],
      ['DBC_70_lofi_melodic_kalimba_action_Cm_1.wav', 70],
      ['KMRBI_BP_140_fx_texture_one_shot_orchid_delay_Dmaj.wav', 140],
      ['VEC1 Sounds 118 Ampire G#.wav', null],
    ],
    holds: ({ name: { tokens }, at, keys, loop }) => {
      const after = tokens[at + 1];
      return (
        !padded(tokens[at] as Token) &&
        after !== undefined &&
        after.number === null &&
        after.before === '_' &&
        (at === 0 || tokens[at]?.before === '_') &&
        keys.some(({ plainness }) => plainness === 'mode' || (plainness === 'accidental' && loop !== false))
      );
    },
  },
  {
    id: 'behind-opening-key',
    says: 'ends a name that opens with a key and its mode',
    examples: [
      ['Bbm_jazz_190.wav', 190],
      ['Bb_jazz_190.wav', null],
      ['Bbm_jazz_101.wav', null, 'Bbm_jazz_100.wav', 'Bbm_jazz_102.wav'],
    ],
    holds: ({ name: { tokens }, at, keys, loop }) =>
      loop !== false &&
      at === tokens.length - 1 &&
      tokens[at]?.before === '_' &&
      !padded(tokens[at] as Token) &&
      keys.some(({ plainness, small, from }) => plainness === 'mode' && !small && from === 0),
  },
  {
    id: 'vendor-code',
    says: "follows the vendor's and the pack's code at the start of the name",
    examples: [
      ['NH_ENR_105_drum_beryl.wav', 105],
      ['TSP_TJD_172_break_layered_2snare_junglism.wav', 172],
      ['DASHA_RUSH_130_acid_loop_02_01.wav', 130],
      ['OS_GIRL_808_B_Cruz.wav', null],
      ['ZAT_Clap_140.wav', null],
      ['ZEN_IMP_135_fx_down_lifter_one_shot_whisper.wav', 135],
      ['ZEN_135_fx_one_shot_zap.wav', null],
      ['ZEN_IMP_135_bass_one_shot_growl.wav', null],
      ['TL_TFX_104_Uplifter_One_Shot_FX.wav', 104],
      ['MA-120_64_Glass.wav', null],
    ],
    holds: ({ name: { tokens }, at, loop }) => {
      const after = tokens[at + 1];
      const isShot = loop === false && (at < 2 || !BUILDS.has(after?.lower ?? ''));
      if (at < 1 || at > 5 || isShot || padded(tokens[at] as Token)) return false;
      // "MA-120_64": either may be the tempo, or none.
      const before = tokens[at - 1];
      if (before?.before !== '' && plausible(before) && before.number >= 60) return false;
      if (after === undefined || after.number !== null || after.before !== '_') return false;
      return tokens
        .slice(0, at)
        .every(
          ({ text, lower, number }) => number !== null || (text !== lower && text === text.toUpperCase()),
        );
    },
  },
  {
    id: 'behind-drums',
    says: 'stands between the word "drum" or "drums", which follows a code, and the name of the pattern',
    examples: [
      ['US_JF_Drum_140_Dapocket_FULL.wav', 140],
      ['nn_drum_120_bay_kick.wav', 120],
      ['drum_120_kick.wav', null],
      ['US_JF_Drum_101_Kick.wav', null],
      ['US_JF_Drum_140_02.wav', null],
      ['tr_drum_100_low.wav', null, 'tr_drum_101_low.wav', 'tr_drum_102_low.wav'],
    ],
    holds: ({ name: { tokens }, at, loop }) => {
      const after = tokens[at + 1];
      return (
        loop !== false &&
        at > 1 &&
        /^drums?$/.test(tokens[at - 1]?.lower ?? '') &&
        tokens[at - 1]?.before === '_' &&
        tokens[at]?.before === '_' &&
        !padded(tokens[at] as Token) &&
        !MACHINE_NUMBERS.has(tokens[at]?.number as number) &&
        after?.number === null &&
        after.before === '_'
      );
    },
  },
  {
    id: 'before-last-letter',
    says: 'stands before the letter of a key that ends the name, both apart from the words',
    examples: [
      ['SCVNGR_synth_bouncy_stabs_02_108_C.wav', 108],
      ['FM_vocal_other_can_t_lose_this_time_150_E.wav', 150],
      ['KSHMR_Vocal_Energy_Booster_01_Ahh_128_D.wav', 128],
      ['low_125_f.wav', 125, 'gallop_120_bmin.wav', 'grainy_135_emin.wav', 'cutesy_105_amin.wav'],
      ['SMGP1_Bass_Shot_70_E.wav', null],
      ['Kick_120_C.wav', null],
      ['Pad 120 C.wav', null],
    ],
    holds: ({ name, name: { tokens }, at, keys, loop, series }) =>
      loop !== false &&
      (at > 2 || series.tellsKeys(name, at + 1) || series.tellsSmallKeys(name)) &&
      !padded(tokens[at] as Token) &&
      tokens[at]?.before === '_' &&
      tokens[at + 1]?.before === '_' &&
      keys.some(
        ({ from, to, small }) =>
          (!small || series.tellsKeys(name, from) || series.tellsSmallKeys(name)) &&
          from === at + 1 &&
          to === tokens.length - 1,
      ),
  },
  {
    id: 'between-words',
    says: 'stands between words of a name that ends in the letter of a key',
    examples: [
      ['pt_acid_128_burr_F.wav', 128],
      ['Pad 100 dark F.wav', null],
    ],
    holds: ({ name: { tokens }, at, keys, loop }) => {
      const after = tokens[at + 1];
      if (loop === false || at < 1 || at > 3 || padded(tokens[at] as Token) || tokens[at]?.before !== '_')
        return false;
      if (after === undefined || after.number !== null || after.before !== '_') return false;
      return keys.some(
        ({ small, from, to }) =>
          !small && from > at + 1 && to === tokens.length - 1 && tokens[to]?.before === '_',
      );
    },
  },
  {
    id: 'opens-before-key',
    says: 'opens the name, followed by the letter of a key and by words',
    examples: [
      ['120_C_HousyBass_SP_01.wav', 120],
      ['101 A Day.wav', null],
      ['101_Kick.wav', null],
      ['71_F_Bell_SP_194_02.wav', null],
    ],
    holds: ({ name, name: { tokens }, at, keys, loop }) =>
      loop !== false &&
      at === 0 &&
      // "71_F_Bell_SP_194": either may be the tempo, or none.
      !tokens.some((_, other) => other > 0 && standsAlone(name, other)) &&
      !padded(tokens[0] as Token) &&
      keys.some(
        ({ small, from, to }) =>
          !small && from === 1 && tokens[1]?.before === '_' && tokens[to + 1]?.before === '_',
      ),
  },
  {
    id: 'after-index',
    says: 'ends the name after a number that is padded with zeros and so counts the files',
    examples: [
      ['BEATDOWNS_drum_fill_029_90.wav', 90],
      ['Kick Shot 029 90.wav', null],
      ['000_123.wav', null],
      ['Unorna_0_0_95.wav', null],
    ],
    holds: ({ name: { tokens }, at, loop }) =>
      loop !== false &&
      at === tokens.length - 1 &&
      at > 1 &&
      tokens[at]?.before === '_' &&
      /^0\d/.test(tokens[at - 1]?.text ?? '') &&
      !padded(tokens[at] as Token),
  },
  {
    id: 'shared',
    says: 'opens or closes the name as it does those of other files in the folder, whose words differ',
    examples: [
      ['080_strange-mermaid.wav', 80, '080_lofi-hatty-crackle.wav', '080_too-much-pot-groove.wav'],
      ['150_rain.wav', 150, '150_wind.wav', '96_sea.wav'],
      ['Piano_C4_100.wav', null, 'Piano_D4_100.wav', 'Piano_E4_100.wav'],
      ['Violin_p_60.wav', null, 'Violin_f_60.wav', 'Violin_p_62.wav', 'Violin_f_62.wav'],
      ['001_bass2.wav', null, '002_kick.wav', '003_snare.wav'],
      ['81_Kick_09_SP.wav', null, '81_Clap_06_SP.wav', '81_Hat_07_SP.wav'],
    ],
    holds: ({ name, at, series, loop }) =>
      (isVelocity(name.tokens, at) || name.tokens.some(({ lower }) => STROKES.has(lower))
        ? loop === true
        : loop !== false) && series.isShared(name, at),
  },
];
