import type { Collection } from '../collections/collection.js';
import { columnsWith, type Meaning } from '../collections/column-meanings.js';
import { nearestName } from '../collections/nearest-name.js';
import { usageFault } from '../fault.js';
import { readKey } from '../musical-key.js';
import type { FieldFilter, SampleFilter } from '../sources/types.js';
import { describeFilter } from './describe-filter.js';

/** Filters with a name of their own, and what their columns hold. */
const MEANINGS = {
  genre: 'genre',
  key: 'key',
  bpm: 'bpm',
  mood: 'mood',
  tag: 'tags',
  energy: 'energy',
  danceability: 'danceability',
  duration: 'duration',
} as const satisfies Readonly<Record<string, Meaning>>;

export type NamedFilter = keyof typeof MEANINGS;
export const NAMED_FILTERS = Object.keys(MEANINGS) as NamedFilter[];

type Filtered = Pick<Collection, 'name' | 'folder' | 'rows' | 'filters'>;

/** Returns the columns that a named filter reads; the first one with a value counts. */
export const columnsFor = (name: NamedFilter, columns: readonly string[]): string[] =>
  columnsWith(MEANINGS[name], columns);

/** Returns the column that a name means in this collection: the column itself, or that of a named filter. */
export function filterColumn(name: string, filters: readonly string[]): string | null {
  if (filters.includes(name)) return name;
  const named = NAMED_FILTERS.find((each) => each === name.toLowerCase());
  return named === undefined ? null : (columnsFor(named, filters)[0] ?? null);
}

/**
 * Returns the filter with this collection's own columns. In the sample library named filters stay, since they may read
 * two columns. Throws a usage Fault if the collection has no such column; the message suggests another one.
 */
export function filterIn({ where = [], ...named }: SampleFilter, collection: Filtered): SampleFilter {
  const { rows } = collection;
  const own = rows === null ? [] : conditionsOf(named).map((each) => inColumn(each, collection));
  const conditions = [...own, ...where.map((each) => inFilters(each, collection))].map((each) =>
    asWritten(each, collection),
  );
  return { ...(rows === null && named), ...(conditions.length > 0 && { where: conditions }) };
}

function conditionsOf(named: Omit<SampleFilter, 'where'>): (FieldFilter & { field: NamedFilter })[] {
  return NAMED_FILTERS.flatMap((field) => {
    const value = named[field];
    if (value === undefined) return [];
    return [typeof value === 'string' ? { field, is: value } : { field, ...value }];
  });
}

/** Columns that often hold what a collection has no column for. */
const INSTEAD: Partial<Record<NamedFilter, Meaning>> = { mood: 'tags', genre: 'tags' };

function inColumn(
  condition: FieldFilter & { field: NamedFilter },
  { name, filters }: Pick<Filtered, 'name' | 'filters'>,
): FieldFilter {
  const { field } = condition;
  const column = filterColumn(field, filters);
  if (column !== null) return { ...condition, field: column };
  const meaning = INSTEAD[field];
  const [other] = meaning === undefined ? [] : columnsWith(meaning, filters);
  const near = other ?? nearestName(field, filters);
  throw usageFault(
    `--${field}: the collection ${name} has no column for it: ` +
      (near === null
        ? 'leave it out, or name the column that holds it with --where'
        : `write ${describeFilter({ where: [{ ...condition, field: near }] })}`),
  );
}

function inFilters(
  condition: FieldFilter,
  { name, filters }: Pick<Filtered, 'name' | 'filters'>,
): FieldFilter {
  const { field } = condition;
  const column = filterColumn(field, filters);
  if (column !== null) return { ...condition, field: column };
  const near = nearestName(field, filters);
  throw usageFault(
    `--where: ${field} is no filter of ${name}: ` +
      (near !== null
        ? `did you mean ${near}?`
        : filters.length > 0
          ? `it has ${filters.join(', ')}`
          : 'it has none; name columns under filters in its file'),
  );
}

/** Returns the condition with a key as the index of a folder writes it: `A minor` and `8A` are `Am`. */
function asWritten(condition: FieldFilter, { folder, filters }: Filtered): FieldFilter {
  if (folder === null || !('is' in condition) || condition.field !== filterColumn('key', filters))
    return condition;
  return { ...condition, is: readKey(condition.is) ?? condition.is };
}
