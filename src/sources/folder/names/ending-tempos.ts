import { areOtherSounds } from './sound-words.js';
import type { Name, Token } from './tokens.js';

/** The least number of names. Numbers of files, of which so many are known, would include low ones. */
const ENOUGH = 12;

/** The largest velocity, and the highest note of MIDI: a larger number is neither. */
const MOST_OF_MIDI = 127;

/**
 * Finds folders whose names end in tempos of three digits: "colony_095", "rastan1_101", "flying_shark_135". Numbers of
 * files begin low, are consecutive, belong to one sound, or are not shared by different sounds.
 */
export class EndingTempos {
  #files = 0;
  #names = 0;
  /** How many names have another sound than the name before. */
  #turns = 0;
  #last: readonly string[] = [];
  /** A name ends in a number that cannot be such a tempo: "01", "9", "44100". */
  #hasOther = false;
  #told: boolean | null = null;
  /** By number: the words of the last name with it, and how many sounds have it. */
  readonly #values = new Map<number, { words: readonly string[]; sounds: number }>();

  /** `words` are the name's `soundWords`. */
  add(name: Name, words: readonly string[]): void {
    this.#files += 1;
    const at = endingOf(name);
    if (at === null) return;
    const { text, number } = name.tokens[at] as Token & { number: number };
    if (!/^\d{3}(?:\D|$)/.test(text) || number < 60 || number > 200) {
      this.#hasOther = true;
      return;
    }
    this.#names += 1;
    if (this.#names > 1 && areOtherSounds(this.#last, words)) this.#turns += 1;
    this.#last = words;
    const known = this.#values.get(number);
    if (known === undefined) this.#values.set(number, { words, sounds: 1 });
    else {
      if (areOtherSounds(known.words, words)) known.sounds += 1;
      known.words = words;
    }
  }

  /** Returns whether the number ends its name and the folder's names end in tempos. */
  tells(name: Name, at: number): boolean {
    this.#told ??= this.#holdsTempos();
    return this.#told && endingOf(name) === at;
  }

  #holdsTempos(): boolean {
    if (this.#hasOther || this.#names < ENOUGH || this.#names * 4 < this.#files * 3) return false;
    const numbers = [...this.#values.keys()];
    const smallest = Math.min(...numbers);
    const largest = Math.max(...numbers);
    // Only a number padded with a zero shows that the three digits are meant.
    if (smallest >= 100 || largest <= MOST_OF_MIDI || largest - smallest < 3 * (numbers.length - 1))
      return false;
    // "door_090", "door_105", "door_120", "gate_090": a list of values for each sound.
    if (this.#turns * 3 < (this.#names - 1) * 2) return false;
    return [...this.#values.values()].filter(({ sounds }) => sounds > 1).length > 1;
  }
}

/**
 * Returns the index of the number that ends the name after "_"; null if it does not end so. In "vari_143_1" it is 143: a
 * single digit behind a number of three tells two files with the same tempo apart.
 */
function endingOf({ tokens }: Name): number | null {
  const at = tokens.length - 1;
  const last = tokens[at];
  if (last === undefined || at < 1 || last.number === null || last.before !== '_') return null;
  const before = tokens[at - 1];
  const isCopy = /^[1-9]$/.test(last.text) && before?.before === '_' && /^\d{3}$/.test(before.text);
  return isCopy && at > 1 ? at - 1 : at;
}
