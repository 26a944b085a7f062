import { type RawBuilder, sql } from 'kysely';
import { comparedOf, fits, type Span, type Wanted } from '../readings/compare.js';
import type { Reading } from '../readings/of-columns.js';
import type { Backend } from './backend.js';
import { type FilterDialect, filterDialect } from './filter-dialect.js';

/** One condition of a filter: a value of any of the columns has to fit. */
export interface Condition {
  columns: readonly FilteredColumn[];
  wanted: Wanted;
}

export interface FilteredColumn {
  value: RawBuilder<unknown>;
  reading: Reading | undefined;
}

/**
 * Creates the parts of a query. The database chooses the rows that may fit, since it does not know all notations; the
 * readings decide.
 */
export function conditionsOn(dialect: Backend['dialect'], conditions: readonly Condition[]) {
  const on = filterDialect(dialect);
  const compared = conditions.map(({ columns, wanted }, at) =>
    columns.map(({ value, reading }, of) => ({
      ...{ value, reading, name: `value_${at}_${of}` },
      wanted: comparedOf(wanted, reading),
    })),
  );
  return {
    /** Selects the values; begins with a comma. */
    values: sql.join(
      [sql``, ...compared.flat().map(({ value, name }) => sql`${on.selected(value)} as ${sql.id(name)}`)],
      sql`, `,
    ),
    where:
      compared.length === 0
        ? sql`1 = 1`
        : sql.join(
            compared.map(
              (columns) =>
                sql`(${sql.join(
                  columns.map(({ value, reading, wanted }) => mayFit(on, value, { reading, ...wanted })),
                  sql` or `,
                )})`,
            ),
            sql` and `,
          ),
    /** Returns whether a row fits all conditions. */
    fits: (row: Readonly<Record<string, unknown>>): boolean =>
      compared.every((columns) =>
        columns.some(({ name, reading, wanted }) => fits(row[name], reading, wanted)),
      ),
  };
}

/** Returns a condition that holds for every value that fits, and for few others. */
function mayFit(
  on: FilterDialect,
  value: RawBuilder<unknown>,
  { reading, text, span }: { reading: Reading | undefined; text: string | null; span: Span | null },
): RawBuilder<unknown> {
  const ways: RawBuilder<unknown>[] = [];
  if (span !== null) {
    ways.push(on.between(value, span.from, span.to), on.mayBeNumber(value));
    // Per cent; a little more, because a product is rounded.
    if (reading === 'energy') ways.push(on.between(value, span.from * 100 - 1e-6, span.to * 100 + 1e-6));
  }
  if (text !== null) {
    const part = plainPart(text);
    // Lists in JSON and of Python may escape any letter.
    if (part === '') ways.push(sql`${value} is not null`);
    else ways.push(on.contains(value, part), on.hasBackslash(value));
  }
  return sql`(${sql.join(ways, sql` or `)})`;
}

/**
 * Returns the longest part of a folded text that a value which fits contains as it is, if it has no backslash: ASCII, and
 * letters without case.
 */
function plainPart(text: string): string {
  let [longest, part] = ['', ''];
  for (const letter of text) {
    part = isPlain(letter) ? part + letter : '';
    if (part.length > longest.length) longest = part;
  }
  return longest;
}

const isPlain = (letter: string): boolean =>
  letter < '\x80' ||
  (letter !== '\ufffd' && letter.isWellFormed() && letter.toLowerCase() === letter.toUpperCase());
