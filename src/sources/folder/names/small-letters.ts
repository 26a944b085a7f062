import { addTo } from './add-to.js';
import { hashOf, restOf } from './counters.js';
import type { KeySpelling } from './keys.js';
import type { Name, Token } from './tokens.js';
import { PITCHED } from './vocabulary.js';

/** The small letters at one place of a folder's names. */
interface Place {
  /** Single letters, "a" to "z". */
  letters: Set<string>;
  /** True if a name has a key in small letters there that is more than a letter: "c#", "f#m", "am". */
  hasLongerKey: boolean;
  /** True if one of the longer keys has a sharp: "c#". */
  hasSharp: boolean;
}

/** Collects single small letters in the names of a folder that may be keys: "keys e 130bpm", "synth f", "808 c 1". */
export class SmallLetters {
  #hasSharps = false;
  readonly #places = new Map<number, Place>();
  /** Letters before "BPM" in names that are otherwise the same, by the hash of the rest. */
  readonly #takes = new Map<number, Set<string>>();

  /** To be called for each word of each name. `key`: the key that begins there, or null. */
  add(name: Name, at: number, key: KeySpelling | null): void {
    const token = name.tokens[at] as Token;
    if (!isApart(token, at)) return;
    const isLetter = /^[a-z]$/.test(token.text);
    if (!isLetter && (key === null || !/^[a-g]/.test(token.text))) return;
    const hasSharp = /^[a-g]#/.test(token.text);
    this.#hasSharps ||= hasSharp;
    for (const hash of placesOf(name, isLetter || key === null ? { from: at, to: at } : key)) {
      const place = this.#places.get(hash) ?? { letters: new Set(), hasLongerKey: false, hasSharp: false };
      this.#places.set(hash, place);
      if (isLetter) place.letters.add(token.text);
      else place.hasLongerKey = true;
      if (hasSharp) place.hasSharp = true;
    }
    if (!isLetter || !isBeforeBpm(name, at)) return;
    addTo(this.#takes, restOf(name, token), token.text);
  }

  /**
   * Returns whether the letters before "BPM" are keys in the folder's names: a longer key stands there too, or the
   * letters are not "a", "b" and so on. `least`: what the folder must have there, one letter, two, or a longer key.
   */
  areKeysBeforeBpm(least: 'one' | 'two' | 'longer'): boolean {
    const place = this.#places.get(BEFORE_BPM);
    if (place === undefined) return false;
    if (place.hasLongerKey) return true;
    return least !== 'longer' && !countTakes(place.letters) && (least === 'one' || place.letters.size > 1);
  }

  /** Returns whether the letter before "BPM" counts takes of one sound: "stab a 120bpm", "stab b 120bpm". */
  isTakeBeforeBpm(name: Name, at: number): boolean {
    const letters = this.#takes.get(restOf(name, name.tokens[at] as Token));
    return letters !== undefined && letters.size > 1 && countTakes(letters);
  }

  /** Returns whether another name has a key with a sharp where this one has a letter: "synth c#" for "synth f". */
  hasSharpBeside(name: Name, at: number): boolean {
    if (!this.#hasSharps) return false;
    return placesOf(name, { from: at, to: at }).some(
      (hash) => hash !== BEFORE_BPM && this.#places.get(hash)?.hasSharp === true,
    );
  }

  /** Returns whether the letters after "808" are keys: none is before "c", and none is after "g" ("808 k 1"). */
  areKeysAfter808(): boolean {
    const letters = [...(this.#places.get(AFTER_808)?.letters ?? [])];
    return letters.length > 0 && letters.every((letter) => letter >= 'c' && letter <= 'g');
  }
}

const BEFORE_BPM = hashOf('| bpm');
const AFTER_808 = hashOf('808 |');

/** "a", "b", "c" without a gap. */
const countTakes = (letters: ReadonlySet<string>): boolean =>
  [...letters].sort().every((letter, index) => letter.charCodeAt(0) === 97 + index);

const isApart = ({ before }: Token, at: number): boolean => at > 0 && /^[ _-]$/.test(before);

/** "e 130bpm", "e_130_bpm". */
export function isBeforeBpm({ tokens }: Name, at: number): boolean {
  const number = tokens[at + 1];
  return number?.number != null && /^[ _-]$/.test(number.before) && tokens[at + 2]?.lower === 'bpm';
}

/** Returns the places of a letter or key: before "BPM", after "808", after the same words, after a pitched word. */
function placesOf(name: Name, { from, to }: Pick<KeySpelling, 'from' | 'to'>): number[] {
  const { tokens } = name;
  const word = tokens[from - 1];
  const places: number[] = [];
  if (isBeforeBpm(name, to)) places.push(BEFORE_BPM);
  if (word?.text === '808') places.push(AFTER_808);
  let opening = '';
  for (let at = 0; at < from; at += 1) opening += ` ${tokens[at]?.lower}`;
  places.push(hashOf(`${opening} |`));
  if (word !== undefined && PITCHED.has(word.lower)) places.push(hashOf(`${word.lower}|`));
  return places;
}
