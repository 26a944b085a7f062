import { comparedOf, folded, meets, type Span, type Wanted } from '../../readings/compare.js';
import type { SampleFilter } from '../../sources/types.js';
import type { FilterColumn, FilterColumns } from './filter-columns.js';
import type { ReadTexts } from './read-texts.js';

/** By row of the catalog; 1: it matches. Null: only the database can evaluate the filter. */
export type Fitting = Uint8Array | null;

/** A condition on one column; by row. */
type Condition = (row: number) => boolean;

/**
 * Returns the rows that match a filter, with the same result as Catalog.findIds. `isLibrary`: the sample library's own
 * options are allowed. Null if a column is not in memory.
 */
export function fittingRows(
  columns: FilterColumns,
  { where = [], ...options }: SampleFilter,
  { isLibrary }: { isLibrary: boolean },
): Fitting {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  if (given.length > 0 && !isLibrary) return null;
  const conditions = [
    ...ofLibrary(columns, options),
    ...where.map((each) => ofColumn(columns, each.field, each)),
  ];
  const fits = new Uint8Array(columns.rows).fill(1);
  for (const condition of conditions) {
    if (condition === null) return null;
    for (let row = 0; row < fits.length; row++) if (fits[row] === 1 && !condition(row)) fits[row] = 0;
  }
  return fits;
}

/** Returns the conditions of the sample library's own options; see filter.ts of the sources. */
function ofLibrary(columns: FilterColumns, filter: Omit<SampleFilter, 'where'>): (Condition | null)[] {
  const { genre, key, bpm, mood, tag, energy, danceability, duration } = filter;
  const conditions: (Condition | null)[] = [];
  const add = (name: string, wanted: Wanted) => conditions.push(ofColumn(columns, name, wanted));
  if (genre !== undefined) add('genre', { is: genre });
  if (key !== undefined) add('musical_key', { is: key });
  if (bpm !== undefined) add('bpm', bpm);
  if (mood !== undefined) {
    const second = columns.knows('mood_secondary') ? ['mood_secondary'] : [];
    conditions.push(either(['mood_primary', ...second].map((name) => ofColumn(columns, name, { is: mood }))));
  }
  if (tag !== undefined) {
    const there = ['tags', 'texture_tags'].filter((name) => columns.knows(name));
    conditions.push(
      there.length === 0 ? null : either(there.map((name) => ofColumn(columns, name, { is: tag }))),
    );
  }
  if (energy !== undefined) add('energy_level', energy);
  if (danceability !== undefined) add('danceability', danceability);
  if (duration !== undefined) add('duration', duration);
  return conditions;
}

const either = (conditions: readonly (Condition | null)[]): Condition | null => {
  const all = conditions.filter((each) => each !== null);
  return all.length < conditions.length ? null : (row) => all.some((each) => each(row));
};

/** Returns a condition on a column, with the same result as `fits` of the readings; null: it is not in memory. */
function ofColumn(columns: FilterColumns, name: string, wanted: Wanted): Condition | null {
  const column = columns.column(name);
  if (column === undefined) return null;
  const { text, span } = comparedOf(wanted, column.reading);
  const ways = [
    ...(span === null ? [] : byNumber(column, span)),
    ...(text === null ? [] : byText(column, ofText(column.read, text))),
  ];
  const [one = () => false, ...more] = ways;
  return more.length === 0 ? one : (row) => one(row) || more.some((each) => each(row));
}

/** Creates conditions that evaluate each distinct text only once. */
function byText({ codes, read }: FilterColumn, fits: (code: number) => boolean): Condition[] {
  if (codes === null) return [];
  const known = new Uint8Array(read.texts.length);
  for (let code = 1; code < known.length; code++) if (fits(code)) known[code] = 1;
  return [(row) => known[codes[row] as number] === 1];
}

/** A text of another length has other letters: folding keeps the length. */
function ofText(read: ReadTexts, wanted: string): (code: number) => boolean {
  const items = Uint8Array.from(read.items, (item) => (folded(item) === wanted ? 1 : 0));
  return (code) => {
    const text = read.texts[code] as string;
    return (text.length === wanted.length && folded(text) === wanted) || read.hasItem(code, items);
  };
}

function byNumber(column: FilterColumn, span: Span): Condition[] {
  const { numbers, read } = column;
  const { from, to } = span;
  return [
    ...(numbers === null
      ? []
      : [(row: number) => (numbers[row] as number) >= from && (numbers[row] as number) <= to]),
    ...byText(column, (code) => meets(read.spanOf(code), span)),
  ];
}
