import { restOf } from './counters.js';
import type { KeySpelling } from './keys.js';
import type { Name, Token } from './tokens.js';
import { COUNTED, LETTERED } from './vocabulary.js';

/** Keys in small letters that are words, initials or letters of takes as well. */
const COMMON = /^(?:[a-g]|am|em|fm|as)$/;

/**
 * Whether the names of a folder end in keys that are written small: "bell_c", "glass_g", "harp_bb", "toy_em". A lone
 * "early_am" is none; where most names end so, and some endings can be nothing else, all of them are keys.
 */
export class KeyEndings {
  readonly #keys = new Set<string>();
  /** Letters that end names otherwise alike: takes. */
  readonly #takes = new Map<number, Set<string>>();
  #names = 0;
  /** Names whose ending is neither a word nor a lone letter. */
  #plain = 0;
  /** Names that say "BPM", and how many of them end so. */
  #spoken = 0;
  #spokenKeys = 0;

  /** Each name of the folder, once. */
  addName(name: Name): void {
    if (saysBpm(name)) this.#spoken += 1;
  }

  /** Each key of a name. */
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

  /** Whether this name's ending is a key, where the folder holds `files` names. */
  tells(name: Name, files: number): boolean {
    if (this.#names < 4 || this.#keys.size < 3) return false;
    if (this.#plain >= 2) return this.#names * 2 >= files;
    if (this.#plain === 1) return this.#names * 4 >= files * 3;
    // "120bpm_alpha-g", "120bpm_beta-d", "120bpm_gamma-a": takes would be lettered from "a" on without a gap.
    const isTake = [...this.#keys].sort().every((key, index) => key.charCodeAt(0) === 65 + index);
    return saysBpm(name) && this.#spokenKeys >= 4 && this.#spokenKeys * 4 >= this.#spoken * 3 && !isTake;
  }

  /** "stab_a", "stab_b": the same sound twice. */
  isTake(name: Name, at: number): boolean {
    const letters = this.#takes.get(restOf(name, name.tokens[at] as Token));
    if (letters === undefined || letters.size < 2) return false;
    return [...letters].sort().every((letter, index) => letter.charCodeAt(0) === 97 + index);
  }
}

const saysBpm = ({ tokens }: Name): boolean => tokens.some(({ lower }) => lower.includes('bpm'));

/** Whether a key ends the name in small letters, apart from the words, and counts nothing. */
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
