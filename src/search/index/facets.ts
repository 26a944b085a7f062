import { folded } from '../../readings/compare.js';
import type { FilterColumn, FilterColumns } from './filter-columns.js';

/** The values of a column over some samples. */
export type Facet = { field: string } & (
  | {
      kind: 'values';
      /** The 50 most frequent, compared without case; a list counts by its elements. */
      values: { value: string; count: number }[];
      /** Number of distinct values. */
      distinct: number;
    }
  | {
      kind: 'range';
      min: number;
      max: number;
      /** Number of samples with a number. */
      count: number;
      /** Number of samples in each of 20 equal parts from `min` to `max`; one part if these are equal. */
      bins: number[];
    }
);

const MOST_VALUES = 50;
const BINS = 20;
/** A column with more values, or with fewer samples a value, identifies single samples. */
const TOO_MANY = 2000;
const SEVERAL = 1.5;

/** Returns the values of each column over the rows of `fits`, without empty columns and those that identify samples. */
export function facetsOf(columns: FilterColumns, fits: Uint8Array): Facet[] {
  return columns.names().flatMap((field) => {
    const column = columns.column(field) as FilterColumn;
    const facet = rangeOf(column, fits) ?? valuesOf(column, fits);
    return facet === null ? [] : [{ field, ...facet }];
  });
}

type Range = { kind: 'range'; min: number; max: number; count: number; bins: number[] };
type Values = { kind: 'values'; values: { value: string; count: number }[]; distinct: number };

/** Returns the range of a column; null if it holds lists, has more texts than numbers, or no numbers. */
function rangeOf({ reading, numbers, codes, read }: FilterColumn, fits: Uint8Array): Range | null {
  if (reading === 'list') return null;
  const found: number[] = [];
  let others = 0;
  for (let row = 0; row < fits.length; row++) {
    if (fits[row] === 0) continue;
    const code = codes?.[row] ?? 0;
    const value = code > 0 ? read.numberOf(code) : (numbers?.[row] ?? Number.NaN);
    if (Number.isFinite(value)) found.push(value);
    else if (code > 0) others += 1;
  }
  if (found.length === 0 || others > found.length) return null;
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of found) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min === max) return { kind: 'range', min, max, count: found.length, bins: [found.length] };
  const bins = Array.from({ length: BINS }, () => 0);
  for (const value of found) {
    const bin = Math.min(BINS - 1, Math.floor(((value - min) / (max - min)) * BINS));
    bins[bin] = (bins[bin] as number) + 1;
  }
  return { kind: 'range', min, max, count: found.length, bins };
}

function valuesOf({ codes, read }: FilterColumn, fits: Uint8Array): Values | null {
  if (codes === null) return null;
  const counts = new Uint32Array(read.texts.length);
  for (let row = 0; row < fits.length; row++)
    if (fits[row] === 1) counts[codes[row] as number] = (counts[codes[row] as number] as number) + 1;
  /** By the folded value: its count, and its most frequent spelling. */
  const found = new Map<string, { value: string; count: number; most: number }>();
  const add = (value: string, key: string, count: number): void => {
    const known = found.get(key);
    if (known === undefined) found.set(key, { value, count, most: count });
    else {
      known.count += count;
      if (count > known.most) [known.value, known.most] = [value, count];
    }
  };
  const keys = read.items.map(folded);
  for (let code = 1; code < read.texts.length; code++) {
    const count = counts[code] as number;
    if (count === 0) continue;
    const items = read.itemsOf(code);
    const text = read.texts[code] as string;
    if (items === null) {
      if (text !== '') add(text, folded(text), count);
      continue;
    }
    // A list with a repeated item counts as one sample.
    for (const [key, item] of new Map(items.map((each) => [keys[each] as string, each])))
      add(read.items[item] as string, key, count);
  }
  let all = 0;
  for (const { count } of found.values()) all += count;
  // The few rows of a narrow filter nearly always have distinct values, so the whole column must have many texts too.
  const isName = read.texts.length > TOO_MANY && all < SEVERAL * found.size;
  if (found.size === 0 || found.size > TOO_MANY || isName) return null;
  const values = [...found.values()]
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_VALUES)
    .map(({ value, count }) => ({ value, count }));
  return { kind: 'values', values, distinct: found.size };
}
