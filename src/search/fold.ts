/** What tells whether two samples are takes of one sound. */
export interface Comparable {
  /** What it was embedded from; null: nobody knows. */
  text: string | null;
  /** Seconds; null: nobody knows. */
  duration: number | null;
}

/** Lengths that differ by less are equal: encoders add silence. */
const SHARE = 0.01;
const SECONDS = 0.03;

/** From here on a number may be a tempo, or the name of a machine; below it counts takes. */
const SMALLEST_TELLING = 60;

/**
 * The same for texts that differ in nothing but numbering, letter case, blanks and punctuation; null where a text says
 * nothing. Only the first line, which is the title, is numbered: elsewhere numbers are tempo, energy and the like.
 */
export function textKey(text: string | null): string | null {
  const [title = '', ...lines] = (text ?? '').normalize('NFKC').toLowerCase().split('\n');
  const key = [titleKey(title), ...lines.map(bare)].join('\n').trimEnd();
  return /[\p{L}\p{N}]/u.test(key.replace(/^title(?=\n|$)/, '')) ? key : null;
}

const titleKey = (line: string): string => {
  const words = line.match(/\p{N}+|[\p{L}\p{M}#♯♭]+/gu) ?? [];
  const telling = words.filter((word, at) => !isNumbering(word) && !(word === 'copy' && at > 0));
  // A title of numbers alone has nothing else to be told by.
  return (telling.join('') || words.join('')).replace(/^title$/, words.join(''));
};

const isNumbering = (word: string): boolean =>
  /^\p{N}+$/u.test(word) && (word.startsWith('0') || Number(word) < SMALLEST_TELLING);

const bare = (line: string): string => line.replace(/[^\p{L}\p{M}\p{N}#♯♭.]+|\.(?!\p{N})/gu, '');

export const sameLength = (a: number, b: number): boolean =>
  Math.abs(a - b) <= Math.max(SECONDS, SHARE * Math.max(a, b));

/** Text and length decide; where a length is not known, the text alone. `keyOf`: default textKey of its text. */
export function nearDuplicates<T extends Comparable>(
  a: T,
  b: T,
  keyOf: (each: T) => string | null = ({ text }) => textKey(text),
): boolean {
  // A length is quick to compare, and tells most apart.
  if (a.duration !== null && b.duration !== null && !sameLength(a.duration, b.duration)) return false;
  const key = keyOf(a);
  return key !== null && key === keyOf(b);
}

/** Samples by what they are near-duplicates of: groups in the order of their first, each in its order. Linear. */
export function groupDuplicates<T>(items: readonly T[], comparable: (item: T) => Comparable): T[][] {
  const groups: T[][] = [];
  const byText = new Map<string, SameText<T>>();
  for (const item of items) {
    const { text, duration } = comparable(item);
    const key = textKey(text);
    const same = (key === null ? null : byText.get(key)) ?? {
      first: null,
      unmeasured: null,
      byLength: new Map(),
    };
    const group = duration === null ? same.first : (near(same.byLength, duration) ?? same.unmeasured);
    if (group !== null) {
      group.items.push(item);
      continue;
    }
    const fresh: Group<T> = { duration, items: [item] };
    groups.push(fresh.items);
    if (key === null) continue;
    same.first ??= fresh;
    if (duration === null) same.unmeasured = fresh;
    else same.byLength.set(Math.floor(step(duration)), fresh);
    byText.set(key, same);
  }
  return groups;
}

interface Group<T> {
  /** Of its first item. */
  duration: number | null;
  items: T[];
}

/** Groups of one text. */
interface SameText<T> {
  first: Group<T> | null;
  /** The one whose first has no known length. */
  unmeasured: Group<T> | null;
  /** By the whole number of their step; two of one step are equally long. */
  byLength: Map<number, Group<T>>;
}

/** Lengths that are just equal lie about one step apart. */
const step = (seconds: number): number => {
  const bend = SECONDS / SHARE;
  return seconds <= bend
    ? seconds / SECONDS
    : bend / SECONDS + Math.log(seconds / bend) / Math.log(1 + SHARE);
};

function near<T>(byLength: SameText<T>['byLength'], duration: number): Group<T> | null {
  const at = Math.floor(step(duration));
  for (const each of [at, at - 1, at + 1, at - 2, at + 2]) {
    const group = byLength.get(each);
    if (group !== undefined && sameLength(group.duration ?? 0, duration)) return group;
  }
  return null;
}
