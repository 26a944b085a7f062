import { addTo } from './add-to.js';
import { restOf } from './counters.js';
import type { KeySpelling } from './keys.js';
import type { Name, Token } from './tokens.js';

/**
 * Returns the places of a token: its index from the start and from the end in names with the same first word, and
 * its index beside the same word. "OS_GIRL_808_A#_Block" and "OS_GIRL_808_C_Bubbly" have keys in the same place.
 */
function places({ tokens }: Name, at: number): string[] {
  const opening = tokens[0]?.lower;
  const end = tokens.length - 1 - at;
  const found = at === 0 ? [] : [`${at}|${opening}`, `-${end}|${opening}`, `${at}<${tokens[at - 1]?.lower}`];
  if (end > 0) found.push(`-${end}>${tokens[at + 1]?.lower}`);
  return found;
}

const isLoneLetter = ({ text, before }: Token, at: number): boolean =>
  text.length === 1 && text >= 'A' && text <= 'Z' && (before !== '' || at === 0);

/** Finds the places of a folder's names that hold keys, and those that hold the letters of takes. */
export class KeyColumns {
  /** Capital letters in names that are otherwise the same, by the hash of the rest. */
  readonly #takes = new Map<number, Set<string>>();
  readonly #columns = new Map<string, Set<string>>();
  /** The rests of names with a key of one word that is more than a letter. */
  readonly #plainRests = new Set<number>();
  /** The keys that end names, and how many names end so. */
  readonly #endings = new Set<string>();
  #ending = 0;

  /** To be called for each word of each name. `key`: the key that begins there, or null. */
  add(name: Name, at: number, key: KeySpelling | null): void {
    const token = name.tokens[at] as Token;
    if (isLoneLetter(token, at)) addTo(this.#takes, restOf(name, token), token.text);
    if (key === null || key.small || (token.before === '' && at > 0)) return;
    if (key.plainness !== 'letter' && key.to === at) this.#plainRests.add(restOf(name, token));
    for (const place of places(name, at)) addTo(this.#columns, place, key.key);
    if (key.to !== name.tokens.length - 1) return;
    this.#ending += 1;
    this.#endings.add(key.key);
  }

  isTake(name: Name, at: number): boolean {
    const token = name.tokens[at];
    if (token === undefined || !isLoneLetter(token, at)) return false;
    const letters = this.#takes.get(restOf(name, token));
    if (letters === undefined || letters.size < 2) return false;
    // "A" to "C" are takes. If another name has "F#" in the same place, they are keys.
    if (this.#keysAt(name, at).some(hasLongKey)) return false;
    return [...letters].sort().every((letter, index) => letter.charCodeAt(0) === 65 + index);
  }

  isLettered(name: Name, at: number): boolean {
    return (this.#takes.get(restOf(name, name.tokens[at] as Token))?.size ?? 0) > 1;
  }

  /** `files` is the number of names in the folder. */
  tellsKeys(name: Name, at: number, files: number): boolean {
    const token = name.tokens[at];
    if (token === undefined) return false;
    if (this.#keysAt(name, at).some(isKeyColumn)) return true;
    if (isLoneLetter(token, at) && this.#plainRests.has(restOf(name, token))) return true;
    return at === name.tokens.length - 1 && this.#ending * 2 > files && isKeyColumn(this.#endings);
  }

  tellsPlainKeys(name: Name, at: number): boolean {
    return this.#keysAt(name, at).some((keys) => isKeyColumn(keys) && hasLongKey(keys));
  }

  tellsModes(name: Name, at: number): boolean {
    return this.#keysAt(name, at).some(
      (keys) => isKeyColumn(keys) && [...keys].some((key) => key.endsWith('m')),
    );
  }

  #keysAt(name: Name, at: number): ReadonlySet<string>[] {
    return places(name, at).map((place) => this.#columns.get(place) ?? NONE);
  }
}

const NONE: ReadonlySet<string> = new Set();

const hasLongKey = (keys: ReadonlySet<string>): boolean => [...keys].some((key) => key.length > 1);

/** A column of keys has at least three of them, and at least one that is not "A", "B", "C" or "D". */
function isKeyColumn(keys: ReadonlySet<string>): boolean {
  if (keys.size < 3) return false;
  for (const key of keys) if (key.length > 1 || key > 'D') return true;
  return false;
}
