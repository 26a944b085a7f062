import { type RawBuilder, sql } from 'kysely';
import type { Backend } from './backend.js';

type Value = RawBuilder<unknown>;

/** What a filter asks of one column, whatever type the catalog gave it. */
export interface FilterDialect {
  /** Equal but for case. */
  is(value: Value, wanted: string): RawBuilder<boolean>;
  /** A list, as JSON or as an array, has this element, in lower-case JSON. */
  holds(list: Value, element: string): RawBuilder<boolean>;
  /** From … to, both inclusive; what is no number is not between. */
  between(value: Value, from: number, to: number): RawBuilder<boolean>;
}

const text = (value: Value) => sql`cast(${value} as text)`;
/** SQLite's lower() knows ASCII alone: what is written exactly so is found too. */
const is = (value: Value, wanted: string) =>
  sql<boolean>`(lower(${text(value)}) = ${wanted.toLowerCase()} or ${text(value)} = ${wanted})`;

const sqlite: FilterDialect = {
  is,
  holds: (list, element) => sql`instr(lower(${text(list)}), ${element}) > 0`,
  // A text compares as more than any number, so it is asked for what number it is.
  between: (value, from, to) =>
    sql`(${text(value)} glob '*[0-9]*' and cast(${value} as real) between ${from} and ${to})`,
};

const NUMBER = '^\\s*[0-9]+(\\.[0-9]+)?([eE][+]?[0-9]+)?\\s*$';

const postgres: FilterDialect = {
  is,
  // An array prints as {…}, its JSON as […].
  holds: (list, element) =>
    sql`strpos(lower(case when pg_typeof(${list})::text like '%[]' then to_json(${list})::text else ${text(list)} end), ${element}) > 0`,
  // A comparison of another type than the column's would be an error, so every column is read as text.
  between: (value, from, to) =>
    sql`(case when ${text(value)} ~ ${NUMBER} then cast(${text(value)} as double precision) between ${from} and ${to} else false end)`,
};

export const filterDialect = (dialect: Backend['dialect']): FilterDialect =>
  dialect === 'sqlite' ? sqlite : postgres;
