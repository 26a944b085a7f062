import { type RawBuilder, sql } from 'kysely';
import type { Backend } from './backend.js';
import { POSTGRES_NUMBER } from './number-in-text.js';

type Value = RawBuilder<unknown>;

/** Conditions on one column, whatever its type in the catalog. */
export interface FilterDialect {
  /** Equal, ignoring case. */
  is(value: Value, wanted: string): RawBuilder<boolean>;
  /** The list (JSON or array) contains this element, which is given as lower-case JSON. */
  holds(list: Value, element: string): RawBuilder<boolean>;
  /** From … to, both inclusive, either may be infinite. False for what is not a number. */
  between(value: Value, from: number, to: number): RawBuilder<boolean>;
}

const text = (value: Value) => sql`cast(${value} as text)`;
/** SQLite's lower() changes ASCII letters only, so an exact match is tried too. */
const is = (value: Value, wanted: string) =>
  sql<boolean>`(lower(${text(value)}) = ${wanted.toLowerCase()} or ${text(value)} = ${wanted})`;

const within = (value: Value, from: number, to: number) => {
  const ends = [
    ...(from === Number.NEGATIVE_INFINITY ? [] : [sql`${value} >= ${from}`]),
    ...(to === Number.POSITIVE_INFINITY ? [] : [sql`${value} <= ${to}`]),
  ];
  return ends.length === 0 ? sql`1 = 1` : sql.join(ends, sql` and `);
};

const sqlite: FilterDialect = {
  is,
  holds: (list, element) => sql`instr(lower(${text(list)}), ${element}) > 0`,
  // In SQLite a text is greater than any number. It equals its number only if it is numeric: '92.5', not '12 inch'.
  between: (value, from, to) =>
    sql`(${value} = cast(${value} as numeric) and ${within(sql`cast(${value} as real)`, from, to)})`,
};

const postgres: FilterDialect = {
  is,
  // An array prints as {…}, its JSON as […].
  holds: (list, element) =>
    sql`strpos(lower(case when pg_typeof(${list})::text like '%[]' then to_json(${list})::text else ${text(list)} end), ${element}) > 0`,
  // Comparing a column with a value of another type is an error, so every column is read as text.
  between: (value, from, to) =>
    sql`(case when ${text(value)} ~ ${POSTGRES_NUMBER} then ${within(sql`cast(${text(value)} as numeric)`, from, to)} else false end)`,
};

export const filterDialect = (dialect: Backend['dialect']): FilterDialect =>
  dialect === 'sqlite' ? sqlite : postgres;

/** Returns the condition that a list contains an element, ignoring case. JSON may escape non-ASCII letters or not. */
export function listHolds(dialect: Backend['dialect'], list: Value, element: string): RawBuilder<boolean> {
  const { holds } = filterDialect(dialect);
  const [plain, escapes] = listElements(element);
  return sql`(${holds(list, plain)} or ${holds(list, escapes)})`;
}

/** Returns the two forms in which the lower-case text of a list may contain an element. */
export const listElements = (element: string): [plain: string, escapes: string] => [
  quoted(element),
  escaped(element),
];

const quoted = (element: string): string => JSON.stringify(element.toLowerCase());

const escaped = (element: string): string =>
  quoted(element).replace(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
