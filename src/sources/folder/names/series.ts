import { Counters, restOf } from './counters.js';
import { keyAt, wheelKeyAt } from './keys.js';
import { type Name, readName, stemOf, type Token } from './tokens.js';

/** What the names of one folder have in common: which numbers and letters count files, and which tell of them. */
export interface Series {
  /** The number at this token counts files: "Kick 118", "Kick 119", "Kick 120". */
  counts(name: Name, at: number): boolean;
  /** The number opens or closes other names of the folder too, among different words. */
  isShared(name: Name, at: number): boolean;
  /** The number stands in other names of the folder too, among other words. */
  isCommon(name: Name, at: number): boolean;
  /** The lone letter at this token counts takes: "Loop A", "Loop B". */
  isTake(name: Name, at: number): boolean;
  /** Other names of the folder tell keys at this place: "808_A#_Block", "808_C_Bubbly". */
  tellsKeys(name: Name, at: number): boolean;
  /** The codes of the mixing wheel that end names of this folder belong to different words. */
  tellsWheel: boolean;
  /** The folder holds enough names to miss one that would be there if this one counted takes. */
  isFolder: boolean;
}

/**
 * Where a token stands: from the start and from the end of names that open alike, and beside the same words.
 * "OS_GIRL_808_A#_Block" and "OS_GIRL_808_C_Bubbly" have keys in the same place.
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

export function readSeries(fileNames: readonly string[]): Series {
  const counters = new Counters();
  const takes = new Map<number, Set<string>>();
  const columns = new Map<string, Set<string>>();
  const codes = new Set<string>();
  const coded = new Set<number>();
  const endings = new Set<string>();
  let ending = 0;
  for (const fileName of fileNames) {
    const name = readName(stemOf(fileName));
    const last = name.tokens.length - 1;
    for (const [at, token] of name.tokens.entries()) {
      if (token.number !== null) {
        counters.add(name, at);
        if (wheelKeyAt(name.tokens, at) === null) continue;
        codes.add(token.text + name.tokens[at + 1]?.text);
        coded.add(restOf(name, token));
        continue;
      }
      if (isLoneLetter(token, at)) addTo(takes, restOf(name, token), token.text);
      const key = keyAt(name.tokens, at);
      if (key === null || key.small || (token.before === '' && at > 0)) continue;
      for (const place of places(name, at)) addTo(columns, place, key.key);
      if (key.to !== last) continue;
      ending += 1;
      endings.add(key.key);
    }
  }
  return {
    counts(name, at) {
      const token = name.tokens[at];
      if (token?.number == null) return false;
      if (counters.counts(name, at)) return true;
      const edge = counters.edgeAt(name, at);
      return edge?.counts === true && (edge.values.get(token.text)?.names ?? 0) < 2;
    },
    isShared(name, at) {
      const token = name.tokens[at];
      const edge = counters.edgeAt(name, at);
      if (token === undefined || edge === null || edge.values.size * 2 > fileNames.length + 1) return false;
      return (edge.values.get(token.text)?.names ?? 0) >= 2;
    },
    isCommon: (name, at) => counters.isCommon(name, at),
    isTake(name, at) {
      const token = name.tokens[at];
      if (token === undefined || !isLoneLetter(token, at)) return false;
      const letters = takes.get(restOf(name, token));
      if (letters === undefined || letters.size < 2) return false;
      // "A" to "C" are takes; where "F#" stands in the same place they are keys.
      if (places(name, at).some((place) => [...(columns.get(place) ?? [])].some((key) => key.length > 1)))
        return false;
      return [...letters].sort().every((letter, index) => letter.charCodeAt(0) === 65 + index);
    },
    tellsKeys(name, at) {
      if (places(name, at).some((place) => isKeyColumn(columns.get(place)))) return true;
      return at === name.tokens.length - 1 && ending * 2 > fileNames.length && isKeyColumn(endings);
    },
    isFolder: fileNames.length >= 5,
    // Takes are numbered from 1 on: "Donna 2B", "Jamie 1A".
    tellsWheel:
      codes.size >= 3 && coded.size >= codes.size && [...codes].some((code) => Number.parseInt(code, 10) > 4),
  };
}

function addTo<Key>(map: Map<Key, Set<string>>, key: Key, value: string): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}

/** A column of keys has three of them, and more than "A", "B" and "C". */
function isKeyColumn(keys: Set<string> | undefined): boolean {
  if (keys === undefined || keys.size < 3) return false;
  for (const key of keys) if (key.length > 1 || key > 'D') return true;
  return false;
}
