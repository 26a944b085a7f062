import { hashOf } from './counters.js';
import { areOtherSounds } from './sound-words.js';
import { isVelocity } from './tempo-range.js';
import type { Name, Token } from './tokens.js';
import { hasBpmBeside, hasKeyBeside } from './told-tempos.js';

/** The numbers at one place of the folder's names. */
interface Column {
  names: number;
  /** How many names have a key or "BPM" beside the number. */
  besideKey: number;
  /** How many names have another number that counts and is padded with a zero: "Congas_104_01". */
  counted: number;
  /** How many names open with the number, in three digits and before "_": "090_electro". */
  opening: number;
  /** How many names have another sound than the name before. */
  turns: number;
  last: readonly string[];
  /** By number: the words of the last name with it, and how many sounds and names have it. */
  values: Map<number, { words: readonly string[]; sounds: number; names: number }>;
}

/** The least number of names for a column without keys. */
const ENOUGH = 4;

/** The least number of names for a column of numbers that open them. */
const ENOUGH_OPENING = 8;

/**
 * Why a column holds tempos: keys or "BPM" beside the numbers, several sounds with the same number, or numbers of three
 * digits that open the names and repeat.
 */
export type ColumnSign = 'keys' | 'sounds' | 'opening';

/**
 * Finds the places of a folder's names that hold only tempos: "heavy_120_tops", "hop_100_tops", "loud_120_tops".
 * Numbers that count files begin low, are consecutive, or belong to one sound.
 */
export class TempoColumns {
  /** By the hash of the place. Null if a number there cannot be the tempo of a loop: "01", "9", "44100". */
  readonly #columns = new Map<number, Column | null>();

  add(name: Name, at: number, words: readonly string[]): void {
    const { tokens } = name;
    const { number } = tokens[at] as Token & { number: number };
    const isTempo = number >= 60 && number <= 200 && !isVelocity(tokens, at);
    const isBesideKey = isTempo && (hasBpmBeside(name, at) || hasKeyBeside(name, at, 'letter'));
    const isCounted = isTempo && tokens.some(({ text }, i) => i !== at && /^0\d+$/.test(text));
    const isOpening = at === 0 && /^\d{3}$/.test(tokens[0]?.text ?? '') && tokens[1]?.before === '_';
    for (const place of places(name, at)) {
      let column = this.#columns.get(place);
      if (column === null) continue;
      if (!isTempo) {
        this.#columns.set(place, null);
        continue;
      }
      if (column === undefined) {
        column = { names: 0, besideKey: 0, counted: 0, opening: 0, turns: 0, last: words, values: new Map() };
        this.#columns.set(place, column);
      }
      column.names += 1;
      if (isBesideKey) column.besideKey += 1;
      if (isCounted) column.counted += 1;
      if (isOpening) column.opening += 1;
      if (areOtherSounds(column.last, words)) column.turns += 1;
      column.last = words;
      const known = column.values.get(number);
      if (known === undefined) column.values.set(number, { words, sounds: 1, names: 1 });
      else {
        known.names += 1;
        if (areOtherSounds(known.words, words)) known.sounds += 1;
        known.words = words;
      }
    }
  }

  tells(name: Name, at: number): ColumnSign | null {
    const isBesideKey = hasKeyBeside(name, at, 'letter');
    const signs = places(name, at).map((place) => signOf(this.#columns.get(place), isBesideKey));
    return signs.find((sign) => sign === 'keys') ?? signs.find((sign) => sign !== null) ?? null;
  }
}

/** Returns the places of a number: by the words before it, by the words after it, and by its index. */
function places({ tokens }: Name, at: number): [number, number, number] {
  let before = '<';
  for (let i = 0; i < at; i += 1) before += wordOrZero(tokens[i] as Token);
  let after = '>';
  for (let i = at + 1; i < tokens.length; i += 1) after += wordOrZero(tokens[i] as Token);
  return [hashOf(before), hashOf(after), -at];
}

/** All numbers are treated as the same. "BPM" is left out, because some names of a column may lack it. */
const wordOrZero = ({ lower, number }: Token): string =>
  lower === 'bpm' ? '' : number === null ? ` ${lower}` : ' 0';

/** `isBesideKey`: whether the number in question also has a key beside it. */
function signOf(column: Column | null | undefined, isBesideKey: boolean): ColumnSign | null {
  if (column == null || column.names < 3 || column.values.size < 2) return null;
  const values = [...column.values.values()];
  const numbers = [...column.values.keys()];
  if (Math.max(...numbers) - Math.min(...numbers) < 2 * (numbers.length - 1)) return null;
  const most = (count: number, of: number) => count * 4 >= of * 3;
  if (most(column.besideKey, column.names)) {
    // "CG_092_Am_GTR01", "CG_092_Am_GTR02": the other number counts; "yoi_F_140", "reese_E_172": nothing is counted.
    if (values.some(({ names }) => names > 1)) return 'keys';
    if (isBesideKey && most(column.turns, column.names - 1)) return 'keys';
  }
  if (column.names < ENOUGH) return null;
  const shared = values.filter(({ sounds }) => sounds > 1).length;
  if (shared > 1 || (shared === 1 && most(column.counted, column.names))) return 'sounds';
  if (shared === 1 && values.length * 2 <= column.names + 1) return 'sounds';
  // "090_afro", "099_bonger", "120_dorky", "120_glitchy", "143_evil1", "143_evil2", "160_jungle": numbers of files
  // neither repeat nor lie so far apart.
  const repeated = values.filter(({ names }) => names > 1).length;
  const isWide = Math.max(...numbers) - Math.min(...numbers) >= 5 * (numbers.length - 1);
  const isOpening = column.opening === column.names && column.names >= ENOUGH_OPENING;
  return isOpening && isWide && shared > 0 && repeated > 1 ? 'opening' : null;
}
