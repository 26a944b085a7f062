import { instrumentsIn } from './instruments.js';
import { spelledKeys } from './key-readings.js';
import { kindIn } from './kinds.js';
import { type Name, readName, type Token, wordsOf } from './tokens.js';

/** Words of folders that sort samples. A folder with no other words is not a pack. */
const SORTING = new Set(
  `a and the of n audio wav wave wavs aif aiff flac mp3 ogg acid rex apple file files sample samples sound sounds
  library libraries music pack packs samplepack samplepacks splice downloads download desktop documents my new old
  misc other others various unsorted all main bit khz hz k bpm key keys min maj minor major single singles one shot
  shots loop loops hit hits kit kits folder content contents full dry wet tonal atonal short long low high mid soft
  hard acoustic electronic electric live processed layered stems stem part parts multi multis multisample
  multisamples instrument instruments melodic melodics music musical male female closed open clean dirty bonus
  demo demos construction tops top fills fill starter starters songstarter songstarters freesound recordings
  recorded wip root home users user volumes media data assets static public src res resources collection
  collections box machine machines hybrid deep big small fat warm dark bright analog digital vinyl fast slow basic
  classic type types sampler sampling beats textures labeled hihats builds ups downs transitions`.split(
    /\s+/,
  ),
);

/** Folders that led to the rule: the path below the root, the pack. */
export const PACK_EXAMPLES: readonly (readonly [string, string | null])[] = [
  ['KSHMR Vol 4/Drums/Kicks', 'KSHMR Vol 4'],
  ['Cymatics - Infinity House/Loops/128 BPM/Am', 'Cymatics - Infinity House'],
  ['packs/Acid Techno/loops/melodic_loops', 'Acid Techno'],
  ['Oldskool Acid/Oldskool_Acid_-_Zenhiser/OA_-_Bass_Loops', 'Oldskool_Acid_-_Zenhiser'],
  ['Alex Hope Sample Pack Vol. 1/ALEX_HOPE_sample_pack/ALEX_HOPE_tonal', 'Alex Hope Sample Pack Vol. 1'],
  ['blu-mar-ten/Bass', 'blu-mar-ten'],
  ['Dirt-Samples', 'Dirt-Samples'],
  ['Noise Honey/Loops/NH_ENR_125_morganite_Dmaj', 'Noise Honey'],
  ['Drums/Kicks', null],
  ['Loops/NH_ENR_125_morganite_Dmaj', null],
  ['', null],
];

function isSorting(words: readonly string[]): boolean {
  return words.every((word) => SORTING.has(word) || word.length === 1 || instrumentsIn([word]).length > 0);
}

/** "OA_-_Bass_Loops", "ALEX_HOPE_tonal": a vendor's code before words that sort. */
function isCodedSorting({ tokens }: Name): boolean {
  let sorting = 0;
  for (const token of tokens) {
    if (token.number !== null) continue;
    if (isSorting(wordsOf(token))) sorting += 1;
    else if (token.text !== token.text.toUpperCase() || token.text === token.lower) return false;
  }
  return sorting > 0;
}

/** The folder of a construction kit has a tempo, and a key or a word for loops: "NH_ENR_125_morganite_Dmaj". */
function isConstructionKit(name: Name): boolean {
  const number = name.tokens.some(
    ({ number: n, before }) => n !== null && n >= 60 && n <= 200 && before !== '',
  );
  return (
    number &&
    (spelledKeys(name).some(({ plainness }) => plainness === 'mode') ||
      kindIn(name.tokens.flatMap(wordsOf)) === 'loop')
  );
}

/**
 * Returns the nearest folder whose name does more than sort; null if there is none. A folder with a code before words
 * that sort is returned only if there is no other. `folders`: below the root. The root's own name is no pack: it would
 * change the text of every file when the library is moved, or lies on another disk.
 */
export function packOf(folders: readonly string[]): string | null {
  let coded: string | null = null;
  for (const folder of [...folders].reverse()) {
    const name = readName(folder);
    const isKey = (token: Token) =>
      spelledKeys({ text: token.text, tokens: [{ ...token, before: '' }] }).length > 0;
    const words = name.tokens.filter((token) => token.number === null && !isKey(token)).flatMap(wordsOf);
    if (isSorting(words) || isConstructionKit(name)) continue;
    if (!isCodedSorting(name)) return folder.normalize('NFC');
    coded = folder.normalize('NFC');
  }
  return coded;
}
