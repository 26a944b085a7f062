import { type RawBuilder, sql } from 'kysely';
import type { Backend } from './backend.js';
import { POSTGRES_NUMBER } from './number-in-text.js';

type Value = RawBuilder<unknown>;

/** What a filter asks of one column, whatever type the catalog gave it. */
export interface FilterDialect {
  /** Equal but for case. */
  is(value: Value, wanted: string): RawBuilder<boolean>;
  /** A list, as JSON or as an array, has this element, in lower-case JSON. */
  holds(list: Value, element: string): RawBuilder<boolean>;
  /** From … to, both inclusive, either may be infinite; what is no number is not between. */
  between(value: Value, from: number, to: number): RawBuilder<boolean>;
}

const text = (value: Value) => sql`cast(${value} as text)`;
/** SQLite's lower() knows ASCII alone: what is written exactly so is found too. */
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
  // A text compares as more than any number. It equals its own number only where all of it is one: '92.5', not '12 inch'.
  between: (value, from, to) =>
    sql`(${value} = cast(${value} as numeric) and ${within(sql`cast(${value} as real)`, from, to)})`,
};

const postgres: FilterDialect = {
  is,
  // An array prints as {…}, its JSON as […].
  holds: (list, element) =>
    sql`strpos(lower(case when pg_typeof(${list})::text like '%[]' then to_json(${list})::text else ${text(list)} end), ${element}) > 0`,
  // A comparison of another type than the column's would be an error, so every column is read as text.
  between: (value, from, to) =>
    sql`(case when ${text(value)} ~ ${POSTGRES_NUMBER} then ${within(sql`cast(${text(value)} as numeric)`, from, to)} else false end)`,
};

export const filterDialect = (dialect: Backend['dialect']): FilterDialect =>
  dialect === 'sqlite' ? sqlite : postgres;

/** A list has this element, but for case; in JSON a letter beyond ASCII may stand as itself or as an escape. */
export function listHolds(dialect: Backend['dialect'], list: Value, element: string): RawBuilder<boolean> {
  const { holds } = filterDialect(dialect);
  const [plain, escapes] = listElements(element);
  return sql`(${holds(list, plain)} or ${holds(list, escapes)})`;
}

/** How a list's text in lower case may hold an element. */
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
