/** What instruments are called in names, and the word we use for each. Longer spellings win. */
export const INSTRUMENTS: readonly {
  word: string;
  spelled: readonly string[];
  examples: readonly string[];
}[] = [
  {
    word: 'kick',
    spelled: ['kick', 'kik', 'bd', 'bass drum', 'bassdrum', 'kick drum'],
    examples: ['Cymatics - Kick 1 - C.wav', 'BD.wav', 'DeepKick.wav'],
  },
  {
    word: 'snare',
    spelled: ['snare', 'sd', 'snr', 'sn', 'snare drum'],
    examples: ['TechSnare_01.wav', 'SNARE75.wav'],
  },
  {
    word: 'clap',
    spelled: ['clap', 'cp', 'handclap', 'hand clap'],
    examples: ['CLAP190.wav', 'clap-dna.wav'],
  },
  {
    word: 'hi-hat',
    spelled: [
      'hat',
      'hihat',
      'hi hat',
      'hh',
      'hhat',
      'closed hat',
      'open hat',
      'openhat',
      'closedhat',
      'openhh',
      'closedhh',
      'chh',
      'ohh',
    ],
    examples: ['SLS_CSP_hihat_grit_closed.wav', 'Tr8 Closed Hat 03.wav', 'HiHat_10_V26_1.wav'],
  },
  {
    word: 'rimshot',
    spelled: ['rimshot', 'rim', 'rim shot', 'sidestick', 'side stick', 'rs'],
    examples: ['Rimshot 02.wav'],
  },
  { word: 'tom', spelled: ['tom', 'floor tom'], examples: ['DPT_Tom_One_Shot_A.wav'] },
  { word: 'cymbal', spelled: ['cymbal', 'cym', 'splash', 'china'], examples: ['SLK_cymbal_crash_long.wav'] },
  { word: 'crash', spelled: ['crash'], examples: ['DPT_Crash_One_Shot_A.wav'] },
  { word: 'ride', spelled: ['ride'], examples: ['Perc-Cymbal-Ride 4 Bell 1.wav'] },
  {
    word: 'shaker',
    spelled: ['shaker', 'shkr', 'maracas', 'cabasa'],
    examples: ['Lagos_Shaker_104BPM_Amin.wav'],
  },
  { word: 'tambourine', spelled: ['tambourine', 'tamb'], examples: ['tambourine 3.wav'] },
  { word: 'cowbell', spelled: ['cowbell', 'cow bell', 'cb'], examples: ['808 Cowbell.wav'] },
  { word: 'conga', spelled: ['conga'], examples: ['conga-sleepy-1.wav'] },
  { word: 'bongo', spelled: ['bongo'], examples: ['bongo-introvert.wav'] },
  { word: 'snap', spelled: ['snap', 'finger snap'], examples: ['KRANE_snap_better.wav'] },
  {
    word: 'percussion',
    spelled: [
      'perc',
      'percussion',
      'prc',
      'percs',
      'clave',
      'woodblock',
      'tabla',
      'djembe',
      'berimbau',
      'caxixi',
      'timbale',
      'guiro',
      'agogo',
      'triangle',
    ],
    examples: ['RARE_percussion_Zither_Asia_dope_Amin_94_loop7.wav', '112_Berim_Caxi_Perc.wav'],
  },
  {
    word: 'drum loop',
    spelled: [
      'drum loop',
      'drumloop',
      'drum lp',
      'drum break',
      'breakbeat',
      'break',
      'top loop',
      'toploop',
      'amen',
      'drum groove',
    ],
    examples: ['2020_DD_96_DrumLp2.wav', 'SO_NS_85_drum_loop_moriche_1.wav', 'Adrift_Break.wav'],
  },
  { word: 'drums', spelled: ['drum', 'beat', 'drumkit', 'drm'], examples: ['NH_ENR_105_drum_beryl.wav'] },
  { word: '808', spelled: ['808'], examples: ['OS_GIRL_808_B_Cruz.wav', 'Moomin_808_5A.wav'] },
  {
    word: 'bass',
    spelled: ['bass', 'bassline', 'sub', 'reese', 'sub bass', 'bass guitar', 'basyn'],
    examples: ['BASS PULSE_C.wav', 'Arabian_Sub_6A.wav'],
  },
  {
    word: 'guitar',
    spelled: ['guitar', 'gtr', 'guit', 'guitars'],
    examples: ['SWD_Guitar_120_Sunken_C#m.wav'],
  },
  {
    word: 'piano',
    spelled: ['piano', 'pno', 'epiano', 'rhodes', 'wurli', 'wurlitzer', 'electric piano'],
    examples: ['BPM070TrapMan_Em_Piano.wav'],
  },
  {
    word: 'keys',
    spelled: ['keys', 'keyboard', 'clav', 'clavinet'],
    examples: ['CLF_90_LoFi_PrayerKeys_F#m.wav'],
  },
  { word: 'organ', spelled: ['organ'], examples: ['mridm_organ.wav'] },
  {
    word: 'chord',
    spelled: ['chord', 'chords', 'chrd'],
    examples: ['BLUE_HAWAII_chord_loop_rising_124_Emin.wav'],
  },
  { word: 'stab', spelled: ['stab'], examples: ['KSHMR_Brass_Stab_03_-__F_.wav'] },
  { word: 'pad', spelled: ['pad'], examples: ['CT2_140_Fm_Pad_Lick.wav'] },
  { word: 'lead', spelled: ['lead'], examples: ['Cymatics - LEAD Hornet - C.wav'] },
  { word: 'pluck', spelled: ['pluck'], examples: ['cpluck/pluck 3.wav'] },
  { word: 'arp', spelled: ['arp', 'arpeggio'], examples: ['Cymatics - Arp Loop 12 - 140 BPM F# Min.wav'] },
  {
    word: 'synth',
    spelled: ['synth', 'syn', 'synthesizer'],
    examples: ['MYRNE_synth_loop_redux_sines_140_D#maj.wav'],
  },
  {
    word: 'vocal',
    spelled: ['vocal', 'vox', 'voice', 'acapella', 'adlib', 'vocals', 'vocl', 'choir', 'chant'],
    examples: ['VVE1 FX Vocal 03.wav', 'CPAVX_VOX_HIT_125_09.wav'],
  },
  {
    word: 'strings',
    spelled: ['strings', 'string', 'violin', 'viola', 'cello', 'orchestra'],
    examples: ['LOOP - 90BPM - Ally Strings.wav'],
  },
  {
    word: 'brass',
    spelled: ['brass', 'trumpet', 'trombone', 'horn', 'horns', 'tuba'],
    examples: ['DMVU_BRASS_STACC_D#.wav'],
  },
  {
    word: 'saxophone',
    spelled: ['sax', 'saxophone', 'saxophones'],
    examples: ['KSHMR Sax Loop 65 (120, Gm).wav'],
  },
  { word: 'flute', spelled: ['flute'], examples: ['CHS_93_Gm_Flute.wav'] },
  { word: 'bell', spelled: ['bell', 'bells', 'chime', 'glockenspiel'], examples: ['bell-trellis.wav'] },
  {
    word: 'mallet',
    spelled: ['mallet', 'marimba', 'xylophone', 'vibraphone', 'vibes', 'kalimba'],
    examples: ['DBC_70_lofi_melodic_kalimba_action_Cm_1.wav'],
  },
  {
    word: 'melody',
    spelled: ['melody', 'melodic', 'melodies', 'songstarter'],
    examples: ['OSHI_melody_loop_dreamzzz_141_F#.wav'],
  },
  {
    word: 'riser',
    spelled: ['riser', 'uplifter', 'upsweep', 'rise', 'buildup', 'build up'],
    examples: ['KSHMR RISER 03 (A).wav'],
  },
  { word: 'downlifter', spelled: ['downlifter', 'downsweep', 'downer'], examples: ['Downlifter 4.wav'] },
  { word: 'impact', spelled: ['impact', 'boom'], examples: ['FX_Impact_07.wav'] },
  { word: 'sweep', spelled: ['sweep', 'whoosh', 'swoosh', 'swish'], examples: ['whoosh_fast_02.aif'] },
  {
    word: 'fx',
    spelled: ['fx', 'sfx', 'effect', 'effects', 'efx'],
    examples: ['FW_Fx_One_Shot_Ghostly_01.wav'],
  },
  { word: 'foley', spelled: ['foley', 'field recording'], examples: ['R - Foley 118.wav'] },
  {
    word: 'atmosphere',
    spelled: ['atmosphere', 'atmo', 'atmos', 'ambience', 'ambiance', 'drone', 'texture', 'soundscape'],
    examples: ['PLX_NFP_126_atmosphere_reflect_Bmin.wav'],
  },
  { word: 'noise', spelled: ['noise'], examples: ['RC noise loop.wav'] },
  { word: 'scratch', spelled: ['scratch', 'scratches'], examples: ['RHH2_90_scratch_loop_cuts.wav'] },
];

const BY_SPELLING = new Map<string, string>();
/** First words of spellings of two words. */
const OPENERS = new Set<string>();
for (const { word, spelled } of INSTRUMENTS)
  for (const spelling of spelled) {
    BY_SPELLING.set(spelling, word);
    if (spelling.includes(' ')) OPENERS.add(spelling.slice(0, spelling.indexOf(' ')));
    if (!spelling.endsWith('s')) BY_SPELLING.set(`${spelling}s`, word);
  }

/** The instruments that words name, each once, in their order; "hi hat" and "drum loop" are two words. */
export function instrumentsIn(words: readonly string[]): string[] {
  const found: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    // "No Kick" is a loop without one.
    if (at > 0 && (words[at - 1] === 'no' || words[at - 1] === 'without')) continue;
    const pair = OPENERS.has(word) ? BY_SPELLING.get(`${word} ${words[at + 1]}`) : undefined;
    const instrument = pair ?? BY_SPELLING.get(word);
    if (pair !== undefined) at += 1;
    if (instrument !== undefined && !found.includes(instrument)) found.push(instrument);
  }
  return found;
}
