/** The properties that decide whether two samples are takes of one sound. */
export interface Comparable {
  /** The text that was embedded; null: unknown. */
  text: string | null;
  /** Seconds; null: unknown. */
  duration: number | null;
}

/** Durations that differ by less, as a share or in seconds, are equal: encoders add silence. */
const SHARE = 0.01;
const SECONDS = 0.03;

/** A number from here on may be a tempo or the name of a machine; a smaller one numbers takes. */
const SMALLEST_TELLING = 60;

/**
 * Returns a key that is equal for texts that differ only in numbering, letter case, blanks and punctuation; null for a
 * text without content. Numbering is ignored only in the first line, the title: other lines hold tempo, energy etc.
 */
export function textKey(text: string | null): string | null {
  const [title = '', ...lines] = (text ?? '').normalize('NFKC').toLowerCase().split('\n');
  const key = [titleKey(title), ...lines.map(bare)].join('\n').trimEnd();
  return /[\p{L}\p{N}]/u.test(key.replace(/^title(?=\n|$)/, '')) ? key : null;
}

const titleKey = (line: string): string => {
  const words = line.match(/\p{N}+|[\p{L}\p{M}#♯♭]+/gu) ?? [];
  const telling = words.filter((word, at) => !isNumbering(word) && !(word === 'copy' && at > 0));
  // A title that consists only of numbers keeps them.
  return (telling.join('') || words.join('')).replace(/^title$/, words.join(''));
};

const isNumbering = (word: string): boolean =>
  /^\p{N}+$/u.test(word) && (word.startsWith('0') || Number(word) < SMALLEST_TELLING);

const bare = (line: string): string => line.replace(/[^\p{L}\p{M}\p{N}#♯♭.]+|\.(?!\p{N})/gu, '');

export const sameLength = (a: number, b: number): boolean =>
  Math.abs(a - b) <= Math.max(SECONDS, SHARE * Math.max(a, b));

/** Compares text and duration; without a known duration the text alone. `keyOf` defaults to textKey of the text. */
export function nearDuplicates<T extends Comparable>(
  a: T,
  b: T,
  keyOf: (each: T) => string | null = ({ text }) => textKey(text),
): boolean {
  // Durations are quick to compare and rule out most pairs.
  if (a.duration !== null && b.duration !== null && !sameLength(a.duration, b.duration)) return false;
  const key = keyOf(a);
  return key !== null && key === keyOf(b);
}

/** Groups near-duplicates. Groups are ordered by their first item, and items keep their order. Linear time. */
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
  /** Duration of the first item. */
  duration: number | null;
  items: T[];
}

/** Groups with the same text key. */
interface SameText<T> {
  first: Group<T> | null;
  /** The group whose first item has no known duration. */
  unmeasured: Group<T> | null;
  /** By the integer part of their step; two durations of one step are equal. */
  byLength: Map<number, Group<T>>;
}

/** Maps a duration to a scale on which durations that are just equal differ by about 1. */
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
