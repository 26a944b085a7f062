import { areOtherSounds } from './sound-words.js';
import type { Name, Token } from './tokens.js';

/**
 * Returns a hash of the name without one of its tokens: names that differ only in that token have the same hash.
 * It has 53 bits, so that collisions within a folder are very rare and a folder of 100,000 names needs little memory.
 */
export function restOf({ text }: Name, { start, end }: Pick<Token, 'start' | 'end'>): number {
  let high = 0x811c9dc5;
  let low = 0x1b873593;
  for (let at = 0; at < text.length; at += 1) {
    const code = at < start || at >= end ? text.charCodeAt(at) : 0;
    if (code === 0 && at > start) continue;
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b) ^ (low >>> 13);
  }
  return (high >>> 0) * 0x200000 + (low >>> 11);
}

/** Returns a 53-bit hash of a text, as the key of maps with an entry for each of many names. */
export const hashOf = (text: string): number =>
  restOf({ text, tokens: [] }, { start: text.length, end: text.length });

/** The numbers at one place of names that are otherwise the same. */
interface Numbers {
  /** Null while all numbers equal `smallest`. */
  values: Set<number> | null;
  smallest: number;
  largest: number;
  padded: boolean;
}

/** How many names with a different rest contain a text. */
interface Tally {
  rest: number;
  names: number;
  /** How many different sounds have it; 1 if the caller passes no words. */
  sounds: number;
  words: readonly string[];
}

/** Numbers at the start, or at the end, of the folder's names. */
export interface Edge {
  values: ReadonlyMap<string, Tally>;
  /** True if nearly all numbers differ and they lie close together: "001_bass2", "004_click0". */
  counts: boolean;
  /**
   * How many names have a number below 40, which is too low for a tempo; 0 unless two thirds of the names have one:
   * "Strings 03", "Ballad 01", "Dance 036", "Rock 120".
   */
  low: number;
}

export class Counters {
  readonly #numbers = new Map<number, Numbers>();
  readonly #names = new Map<string, Tally>();
  readonly #first = new Map<string, Tally>();
  readonly #last = new Map<string, Tally>();
  #edges: { first: Edge; last: Edge } | null = null;

  /** `words` are the name's `soundWords`. */
  add(name: Name, at: number, words: readonly string[]): void {
    const token = name.tokens[at] as Token & { number: number };
    const rest = restOf(name, token);
    note(this.#numbers, rest, token);
    tally(this.#names, token.text, rest);
    if (at === 0) tally(this.#first, token.text, rest, words);
    else if (at === name.tokens.length - 1) tally(this.#last, token.text, rest, words);
  }

  edgeAt(name: Name, at: number): Edge | null {
    this.#edges ??= { first: edgeOf(this.#first), last: edgeOf(this.#last) };
    if (at === 0) return this.#edges.first;
    return at === name.tokens.length - 1 ? this.#edges.last : null;
  }

  /** Returns whether several names of the folder that differ in their rest contain the number. */
  isCommon({ tokens }: Name, at: number): boolean {
    return (this.#names.get(tokens[at]?.text ?? '')?.names ?? 0) > 1;
  }

  /**
   * Returns whether the number counts files: names that are otherwise the same have other numbers, and these begin
   * low, lie close together or are padded with zeros.
   */
  counts(name: Name, at: number): boolean {
    const found = this.#numbers.get(restOf(name, name.tokens[at] as Token));
    if (found === undefined || found.values === null) return false;
    const { size } = found.values;
    if (found.padded || found.smallest < 40) return true;
    // Two tempos may lie close together, but then names with other words have them too: "129_Berimbau",
    // "129_Caxixi", "130_Caxixi".
    if (size < 4 && this.isCommon(name, at)) return false;
    return found.largest - found.smallest < (size < 4 ? 2 : 3) * size;
  }
}

function note(
  numbers: Map<number, Numbers>,
  rest: number,
  { number, text }: Token & { number: number },
): void {
  const padded = text.startsWith('0');
  const known = numbers.get(rest);
  if (known === undefined) {
    numbers.set(rest, { values: null, smallest: number, largest: number, padded });
    return;
  }
  if (number !== known.smallest) known.values ??= new Set([known.smallest]);
  known.values?.add(number);
  known.smallest = Math.min(known.smallest, number);
  known.largest = Math.max(known.largest, number);
  known.padded ||= padded;
}

function tally(tallies: Map<string, Tally>, text: string, rest: number, words: readonly string[] = []): void {
  const known = tallies.get(text);
  if (known === undefined) {
    tallies.set(text, { rest, names: 1, sounds: 1, words });
    return;
  }
  if (known.rest === rest) return;
  // The same sound as WAV and as MP3 counts as one name. The two are adjacent in a listing.
  known.rest = rest;
  known.names += 1;
  if (areOtherSounds(known.words, words)) known.sounds += 1;
  known.words = words;
}

function edgeOf(values: Map<string, Tally>): Edge {
  let files = 0;
  let low = 0;
  let smallest = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (const [text, { names }] of values) {
    files += names;
    if (Number(text) < 40) low += names;
    smallest = Math.min(smallest, Number(text));
    largest = Math.max(largest, Number(text));
  }
  const isDense = values.size >= 4 && values.size >= 0.8 * files && largest - smallest < 3 * values.size;
  // "Break_168", "Funk_170", "Skeletal_172", "Hot_174": even numbers that lie close together are tempos. Numbers that
  // count files are odd as well.
  const isEven = smallest >= 60 && [...values.keys()].every((text) => Number(text) % 2 === 0);
  return { values, counts: isDense && !isEven, low: low * 3 >= files * 2 ? low : 0 };
}
