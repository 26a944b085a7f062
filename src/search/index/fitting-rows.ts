import { listElements } from '../../sources/filter-dialect.js';
import { asNumber } from '../../sources/number-in-text.js';
import type { FieldFilter, SampleFilter } from '../../sources/types.js';
import type { FilterColumn, FilterColumns } from './filter-columns.js';

/** By row of the catalog; 1: it matches. Null: only the database can evaluate the filter. */
export type Fitting = Uint8Array | null;

/** A condition on one column; by row. */
type Condition = (row: number) => boolean;

const ASCII = /^[\0-\x7f]*$/;

/** Lowers only ASCII letters, like SQLite. */
export const lowerAscii = (text: string): string =>
  text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/**
 * Returns the rows that match a filter, with the same result as Catalog.findIds. `isLibrary`: the sample library's own
 * options are allowed. Null if a column is not in memory, or if the database compares differently.
 */
export function fittingRows(
  columns: FilterColumns,
  { where = [], ...options }: SampleFilter,
  { isLibrary }: { isLibrary: boolean },
): Fitting {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  if (given.length > 0 && !isLibrary) return null;
  const conditions = [...ofLibrary(columns, options), ...where.map((each) => ofField(columns, each))];
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
  if (genre !== undefined) conditions.push(is(columns, 'genre', genre));
  if (key !== undefined) conditions.push(is(columns, 'musical_key', key));
  if (bpm !== undefined) conditions.push(ofField(columns, { field: 'bpm', ...bpm }));
  if (mood !== undefined) {
    const second = columns.knows('mood_secondary') ? ['mood_secondary'] : [];
    conditions.push(either(['mood_primary', ...second].map((name) => is(columns, name, mood))));
  }
  if (tag !== undefined) {
    const there = ['tags', 'texture_tags'].filter((name) => columns.knows(name));
    conditions.push(there.length === 0 ? null : either(there.map((name) => holds(columns, name, tag))));
  }
  if (energy !== undefined) conditions.push(ofField(columns, { field: 'energy_level', ...energy }));
  if (danceability !== undefined)
    conditions.push(ofField(columns, { field: 'danceability', ...danceability }));
  if (duration !== undefined) conditions.push(ofField(columns, { field: 'duration', ...duration }));
  return conditions;
}

const either = (conditions: readonly (Condition | null)[]): Condition | null => {
  const all = conditions.filter((each) => each !== null);
  return all.length < conditions.length ? null : (row) => all.some((each) => each(row));
};

/** Returns whether only the database can compare: PostgreSQL lowers non-ASCII letters by its locale. */
const isTheirs = ({ dialect }: FilterColumns, wanted: string): boolean =>
  dialect === 'postgres' && !ASCII.test(wanted);

/** Compares without case. Null for a column with numbers, since only the database knows how it prints them. */
function is(columns: FilterColumns, name: string, wanted: string): Condition | null {
  const column = columns.column(name);
  if (column === undefined || column.numbers !== null || column.hasArrays || isTheirs(columns, wanted))
    return null;
  return byText(column, equals(wanted));
}

function holds(columns: FilterColumns, name: string, wanted: string): Condition | null {
  const column = columns.column(name);
  if (column === undefined || isTheirs(columns, wanted)) return null;
  return byText(column, has(wanted));
}

/** Returns the condition of one `where`; see field-filter.ts of the sources. */
function ofField(columns: FilterColumns, filter: FieldFilter): Condition | null {
  const column = columns.column(filter.field);
  if (column === undefined) return null;
  if (!('is' in filter)) return within(columns, column, filter);
  const { is: wanted } = filter;
  // PostgreSQL prints an array as {…}.
  if (isTheirs(columns, wanted) || (column.hasArrays && wanted.startsWith('{'))) return null;
  const [equal, contains] = [equals(wanted), has(wanted)];
  const text = byText(column, (each) => equal(each) || (/^[[{]/.test(each) && contains(each)));
  const number = asNumber(wanted, columns.dialect);
  if (!Number.isFinite(number)) return text;
  const same = within(columns, column, { from: number, to: number });
  return (row) => text(row) || same(row);
}

const equals = (wanted: string): ((text: string) => boolean) => {
  const lowered = wanted.toLowerCase();
  return (text) => text === wanted || lowerAscii(text) === lowered;
};

const has = (wanted: string): ((text: string) => boolean) => {
  const elements = listElements(wanted);
  return (text) => {
    const lowered = lowerAscii(text);
    return elements.some((element) => lowered.includes(element));
  };
};

/** Creates a condition that evaluates each distinct text only once. */
function byText({ codes, texts }: FilterColumn, fits: (text: string) => boolean): Condition {
  if (codes === null) return () => false;
  const known = Uint8Array.from(texts, (text, code) => (code > 0 && fits(text) ? 1 : 0));
  return (row) => known[codes[row] as number] === 1;
}

function within(
  { dialect }: FilterColumns,
  { numbers, codes, texts }: FilterColumn,
  { from, to }: { from: number; to: number },
): Condition {
  const between = (value: number): boolean => value >= from && value <= to;
  const text = byText({ numbers, codes, texts, hasArrays: false }, (each) =>
    between(asNumber(each, dialect)),
  );
  return numbers === null ? text : (row) => between(numbers[row] as number) || text(row);
}
