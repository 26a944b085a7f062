import { restOf } from './counters.js';
import type { KeySpelling } from './keys.js';
import type { Name, Token } from './tokens.js';
import { COUNTED, LETTERED } from './vocabulary.js';

/** Keys in small letters that may also be words, initials or letters of takes. */
const COMMON = /^(?:[a-g]|am|em|fm|as)$/;

/**
 * Finds out whether the names of a folder end in keys in small letters: "bell_c", "glass_g", "harp_bb", "toy_em". A
 * single "early_am" is no key. If most names end so, and some endings can only be keys, all such endings are keys.
 */
export class KeyEndings {
  readonly #keys = new Set<string>();
  /** Keys at the end of names that are otherwise the same, by the hash of the rest. They may be takes. */
  readonly #takes = new Map<number, Set<string>>();
  #names = 0;
  /** How many names have an ending that can only be a key: neither a word nor a single letter. */
  #plain = 0;
  /** How many names contain "BPM", and how many of these end in a key. */
  #spoken = 0;
  #spokenKeys = 0;

  /** To be called once for each name of the folder. */
  addName(name: Name): void {
    if (saysBpm(name)) this.#spoken += 1;
  }

  /** To be called for each key of a name. */
  add(name: Name, key: KeySpelling): void {
    if (!isSmallEnding(name, key)) return;
    const token = name.tokens[key.from] as Token;
    this.#names += 1;
    this.#keys.add(key.key);
    if (saysBpm(name)) this.#spokenKeys += 1;
    if (!COMMON.test(token.lower)) this.#plain += 1;
    const letters = this.#takes.get(restOf(name, token)) ?? new Set();
    this.#takes.set(restOf(name, token), letters.add(token.lower));
  }

  /** Returns whether the ending of this name is a key. `files` is the number of names in the folder. */
  tells(name: Name, files: number): boolean {
    if (this.#names < 4 || this.#keys.size < 3) return false;
    if (this.#plain >= 2) return this.#names * 2 >= files;
    if (this.#plain === 1) return this.#names * 4 >= files * 3;
    // "120bpm_alpha-g", "120bpm_beta-d", "120bpm_gamma-a": takes would begin at "a" and have no gap.
    const isTake = [...this.#keys].sort().every((key, index) => key.charCodeAt(0) === 65 + index);
    return saysBpm(name) && this.#spokenKeys >= 4 && this.#spokenKeys * 4 >= this.#spoken * 3 && !isTake;
  }

  /** Returns whether the ending counts takes of one sound: "stab_a", "stab_b". */
  isTake(name: Name, at: number): boolean {
    const letters = this.#takes.get(restOf(name, name.tokens[at] as Token));
    if (letters === undefined || letters.size < 2) return false;
    return [...letters].sort().every((letter, index) => letter.charCodeAt(0) === 97 + index);
  }
}

const saysBpm = ({ tokens }: Name): boolean => tokens.some(({ lower }) => lower.includes('bpm'));

/** Returns whether the key is in small letters, ends the name after "_" or "-", and counts nothing. */
export function isSmallEnding({ tokens }: Name, { from, to }: KeySpelling): boolean {
  const token = tokens[from] as Token;
  const before = tokens[from - 1];
  if (to !== tokens.length - 1 || before === undefined) return false;
  if (token.text.charAt(0) !== token.lower.charAt(0) || !/^[_-]$/.test(token.before)) return false;
  // "6_am", "where_i_am", "alt_b", "full_a".
  if (before.number !== null) return before.text.startsWith('0') || before.number >= 60;
  return (
    before.lower !== 'i' &&
    before.lower !== 'full' &&
    !COUNTED.has(before.lower) &&
    !LETTERED.has(before.lower)
  );
}
