import { type RawBuilder, sql } from 'kysely';
import type { Backend } from './backend.js';
import { filterDialect, listHolds } from './filter-dialect.js';
import type { FieldFilter } from './types.js';

/**
 * What a filter asks of a column. A value that is a number is also found where it is written otherwise, as 80.0, and one
 * of a list's where the column holds a list, as JSON or as an array.
 */
export function fieldCondition(
  dialect: Backend['dialect'],
  column: RawBuilder<unknown>,
  filter: FieldFilter,
): RawBuilder<boolean> {
  const { is, between } = filterDialect(dialect);
  if (!('is' in filter)) return between(column, filter.from, filter.to);
  const text = sql`cast(${column} as text)`;
  const isList = sql`(${text} like '[%' or ${text} like '{%')`;
  const ways = [is(column, filter.is), sql`(${isList} and ${listHolds(dialect, column, filter.is)})`];
  const number = filter.is.trim() === '' ? Number.NaN : Number(filter.is);
  if (Number.isFinite(number)) ways.push(between(column, number, number));
  return sql`(${sql.join(ways, sql` or `)})`;
}
