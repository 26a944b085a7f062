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

interface Numbers {
  values: Set<number>;
  smallest: number;
  largest: number;
  padded: boolean;
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

const masked = ({ text }: Name, { start, end }: Token): string =>
  `${text.slice(0, start)} ${text.slice(end)}`;

const isLoneLetter = ({ text, before }: Token, at: number): boolean =>
  text.length === 1 && text >= 'A' && text <= 'Z' && (before !== '' || at === 0);

export function readSeries(fileNames: readonly string[]): Series {
  const numbers = new Map<string, Numbers>();
  const edges = new Map<string, Map<string, Set<string>>>();
  const takes = new Map<string, Set<string>>();
  const columns = new Map<string, Set<string>>();
  const codes = new Map<string, Set<string>>();
  const stemsOf = new Map<string, Set<string>>();
  const endings = new Set<string>();
  let ending = 0;
  const names = fileNames.map((fileName) => readName(stemOf(fileName)));
  for (const name of names) {
    const last = name.tokens.length - 1;
    name.tokens.forEach((token, at) => {
      if (token.number !== null) {
        note(numbers, masked(name, token), token);
        if (token.number >= 40 && token.number <= 300) addTo(stemsOf, token.text, masked(name, token));
        if (at === 0 || at === last) noteEdge(edges, at === 0 ? 'first' : 'last', token, masked(name, token));
        if (wheelKeyAt(name.tokens, at) !== null)
          addTo(codes, token.text + name.tokens[at + 1]?.text, masked(name, token));
        return;
      }
      const lone = isLoneLetter(token, at);
      if (lone) addTo(takes, masked(name, token), token.text);
      const key = keyAt(name.tokens, at);
      if (key !== null && !key.small && (token.before !== '' || at === 0)) {
        for (const place of places(name, at)) addTo(columns, place, key.key);
        if (key.to === last) {
          ending += 1;
          endings.add(key.key);
        }
      }
    });
  }
  const openers = edgeOf(edges.get('first'));
  const closers = edgeOf(edges.get('last'));
  const edgeAt = (name: Name, at: number) =>
    at === 0 ? openers : at === name.tokens.length - 1 ? closers : null;
  const stems = new Set([...codes.values()].flatMap((set) => [...set]));
  return {
    counts(name, at) {
      const token = name.tokens[at];
      if (token?.number == null) return false;
      const found = numbers.get(masked(name, token));
      // Two tempos may be neighbours, but then other words have them too: "129_Berimbau", "129_Caxixi", "130_Caxixi".
      const isAmongOthers =
        found !== undefined && found.values.size < 4 && (stemsOf.get(token.text)?.size ?? 0) > 1;
      if (isCounter(found) && !(isAmongOthers && found.smallest >= 40)) return true;
      const edge = edgeAt(name, at);
      return edge?.counts === true && (edge.values.get(token.text)?.size ?? 0) < 2;
    },
    isShared(name, at) {
      const token = name.tokens[at];
      const edge = edgeAt(name, at);
      if (token === undefined || edge === null || edge.values.size * 2 > names.length + 1) return false;
      return (edge.values.get(token.text)?.size ?? 0) >= 2;
    },
    isCommon: (name, at) => (stemsOf.get(name.tokens[at]?.text ?? '')?.size ?? 0) > 1,
    isTake(name, at) {
      const token = name.tokens[at];
      if (token === undefined || !isLoneLetter(token, at)) return false;
      const letters = takes.get(masked(name, token));
      if (letters === undefined || letters.size < 2) return false;
      // "A" to "C" are takes; where "F#" stands in the same place they are keys.
      if (places(name, at).some((place) => [...(columns.get(place) ?? [])].some((key) => key.length > 1)))
        return false;
      return [...letters].sort().every((letter, index) => letter.charCodeAt(0) === 65 + index);
    },
    tellsKeys(name, at) {
      if (places(name, at).some((place) => isKeyColumn(columns.get(place)))) return true;
      return at === name.tokens.length - 1 && ending * 2 > names.length && isKeyColumn(endings);
    },
    isFolder: names.length >= 5,
    tellsWheel: codes.size >= 3 && stems.size >= codes.size,
  };
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}

function note(numbers: Map<string, Numbers>, stem: string, { number, text }: Token): void {
  const value = number as number;
  const known = numbers.get(stem);
  if (known === undefined) {
    numbers.set(stem, {
      values: new Set([value]),
      smallest: value,
      largest: value,
      padded: text.startsWith('0'),
    });
    return;
  }
  known.values.add(value);
  known.smallest = Math.min(known.smallest, value);
  known.largest = Math.max(known.largest, value);
  known.padded ||= text.startsWith('0');
}

function noteEdge(
  edges: Map<string, Map<string, Set<string>>>,
  edge: string,
  { text }: Token,
  stem: string,
): void {
  let values = edges.get(edge);
  if (values === undefined) {
    values = new Map();
    edges.set(edge, values);
  }
  addTo(values, text, stem);
}

/** Numbers that differ in names otherwise alike count files where they began low or lie close together. */
function isCounter(found: Numbers | undefined): boolean {
  if (found === undefined || found.values.size < 2) return false;
  if (found.padded || found.smallest < 40) return true;
  return found.largest - found.smallest < (found.values.size < 4 ? 2 : 3) * found.values.size;
}

interface Edge {
  values: Map<string, Set<string>>;
  counts: boolean;
}

/** "001_bass2", "004_click0": numbers at the edge of names that are all different and lie close together. */
function edgeOf(values: Map<string, Set<string>> | undefined): Edge | null {
  if (values === undefined) return null;
  let files = 0;
  let smallest = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (const [text, stems] of values) {
    files += stems.size;
    smallest = Math.min(smallest, Number(text));
    largest = Math.max(largest, Number(text));
  }
  const counts = values.size >= 4 && values.size >= 0.8 * files && largest - smallest < 3 * values.size;
  return { values, counts };
}

/** A column of keys has three of them, and more than "A", "B" and "C". */
function isKeyColumn(keys: Set<string> | undefined): boolean {
  if (keys === undefined || keys.size < 3) return false;
  for (const key of keys) if (key.length > 1 || key > 'D') return true;
  return false;
}
