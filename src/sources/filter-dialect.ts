import { type RawBuilder, sql } from 'kysely';
import type { Backend } from './backend.js';

type Value = RawBuilder<unknown>;

/** Conditions on one column, whatever its type in the catalog. */
export interface FilterDialect {
  /** Selects the column for the readings: a list of PostgreSQL's as JSON. */
  selected(value: Value): Value;
  /** Its text contains this part, which has no ASCII capitals, ignoring the case of ASCII letters. */
  contains(value: Value, part: string): RawBuilder<boolean>;
  hasBackslash(value: Value): RawBuilder<boolean>;
  /** A plain number from … to, both inclusive, either may be infinite. False for what is not a plain number. */
  between(value: Value, from: number, to: number): RawBuilder<boolean>;
  /** A text that is no plain number, but may be one in another notation. */
  mayBeNumber(value: Value): RawBuilder<boolean>;
}

const text = (value: Value) => sql`cast(${value} as text)`;

const within = (value: Value, from: number, to: number) => {
  const ends = [
    ...(from === Number.NEGATIVE_INFINITY ? [] : [sql`${value} >= ${from}`]),
    ...(to === Number.POSITIVE_INFINITY ? [] : [sql`${value} <= ${to}`]),
  ];
  return ends.length === 0 ? sql`1 = 1` : sql.join(ends, sql` and `);
};

/** ASCII letters that are in no notation of a number: not e, and none of the units'. */
const NO_NUMBER = '[acgijknoqrtvwxyACGIJKNOQRTVWXY]';

const sqlite: FilterDialect = {
  selected: (value) => value,
  contains: (value, part) => sql`instr(lower(${text(value)}), ${part}) > 0`,
  hasBackslash: (value) => sql`instr(${text(value)}, ${'\\'}) > 0`,
  // In SQLite a text is greater than any number. It equals its number only if it is numeric: '92.5', not '12 inch'.
  between: (value, from, to) =>
    sql`(${value} = cast(${value} as numeric) and ${within(sql`cast(${value} as real)`, from, to)})`,
  mayBeNumber: (value) =>
    sql`(typeof(${value}) in ('text', 'blob') and ${value} <> cast(${value} as numeric)
      and ${text(value)} glob '*[0-9]*' and ${text(value)} not glob ${`*${NO_NUMBER}*`})`,
};

/** Limits the digits to what PostgreSQL's numeric accepts: more would be an error. */
const POSTGRES_NUMBER =
  '^\\s*[+-]?([0-9]{1,200}([.][0-9]{0,200})?|[.][0-9]{1,200})([eE][+-]?[0-9]{1,3})?\\s*$';

/** An array prints as {…}, its JSON as […]. */
const printed = (value: Value) =>
  sql`(case when pg_typeof(${value})::text like '%[]' then to_json(${value})::text else ${text(value)} end)`;

const postgres: FilterDialect = {
  selected: printed,
  // The collation C lowers ASCII letters only, as readings expect; others may not support strpos.
  contains: (value, part) => sql`strpos(lower(${printed(value)} collate "C"), ${part}) > 0`,
  hasBackslash: (value) => sql`strpos(${printed(value)}, ${'\\'}) > 0`,
  // Comparing a column with a value of another type is an error, so every column is read as text.
  between: (value, from, to) =>
    sql`(case when ${text(value)} ~ ${POSTGRES_NUMBER} then ${within(sql`cast(${text(value)} as numeric)`, from, to)} else false end)`,
  mayBeNumber: (value) =>
    sql`(${text(value)} !~ ${POSTGRES_NUMBER} and ${text(value)} ~ '[0-9]' and ${text(value)} !~ ${NO_NUMBER})`,
};

export const filterDialect = (dialect: Backend['dialect']): FilterDialect =>
  dialect === 'sqlite' ? sqlite : postgres;
