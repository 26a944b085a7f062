import type { Collection } from '../collections/collection.js';
import type { Catalog, SampleFilter } from '../sources/types.js';
import type { Facet } from './library.js';

const PAGE = 1000;
/** Of a column with more values the most frequent are given. */
const VALUES = 50;
/** A column with as many different values as that, or with fewer samples to a value, names single samples. */
const TOO_MANY = 2000;
const SEVERAL = 1.5;

/** A column's values as they are met. */
interface Counted {
  /** By value in lower case. */
  values: Map<string, { value: string; count: number }>;
  numbers: { min: number; max: number; count: number };
}

/**
 * What there is to choose by: for each filter of the collection its values with counts, most frequent first, or of a column of
 * numbers its least and its largest. Columns that are empty, or name single samples, are left out. `filter`: only of rows that
 * fit it.
 */
export async function countFacets(
  catalog: Pick<Catalog, 'readPage' | 'findIds'>,
  { filters }: Pick<Collection, 'filters'>,
  filter: SampleFilter,
): Promise<Facet[]> {
  const fit = Object.keys(filter).length === 0 ? null : new Set(await catalog.findIds(filter));
  const counted = new Map(filters.map((field) => [field, nothingYet()]));
  for (let after: number | null = null; ; ) {
    const rows = await catalog.readPage({ after, limit: PAGE, columns: filters });
    for (const row of rows)
      if (fit === null || fit.has(row.id)) for (const [field, each] of counted) take(each, row[field]);
    after = rows.at(-1)?.id ?? null;
    if (rows.length < PAGE || after === null) break;
  }
  return [...counted].flatMap(([field, each]) => facetOf(field, each));
}

const nothingYet = (): Counted => ({
  values: new Map(),
  numbers: { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, count: 0 },
});

function take({ values, numbers }: Counted, value: unknown): void {
  if (value === null || value === undefined || value === '') return;
  const number = typeof value === 'number' ? value : Number.NaN;
  if (Number.isFinite(number)) {
    numbers.min = Math.min(numbers.min, number);
    numbers.max = Math.max(numbers.max, number);
    numbers.count += 1;
    return;
  }
  if (values.size > TOO_MANY) return;
  for (const text of textsOf(value)) {
    const key = text.toLowerCase();
    const known = values.get(key);
    if (known === undefined) values.set(key, { value: text, count: 1 });
    else known.count += 1;
  }
}

/** The items of a list, as filters find them, or the value itself. */
function textsOf(value: unknown): string[] {
  const list = listOf(value);
  if (list === null) return [String(value)];
  return [
    ...new Set(list.filter((item) => typeof item === 'string' || typeof item === 'number').map(String)),
  ];
}

function listOf(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string' || !value.startsWith('[')) return null;
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function facetOf(field: string, { values, numbers }: Counted): Facet[] {
  if (numbers.count > 0) return [{ field, kind: 'range', ...numbers }];
  let all = 0;
  for (const { count } of values.values()) all += count;
  if (values.size === 0 || values.size > TOO_MANY || all < SEVERAL * values.size) return [];
  const most = [...values.values()].sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
  return [{ field, kind: 'values', values: most.slice(0, VALUES) }];
}
