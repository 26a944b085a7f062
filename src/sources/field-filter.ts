import { type RawBuilder, sql } from 'kysely';
import type { Backend } from './backend.js';
import { filterDialect, listHolds } from './filter-dialect.js';
import { asNumber } from './number-in-text.js';
import type { FieldFilter } from './types.js';

/**
 * Returns a filter's condition on a column. A numeric value also matches other notations of the number, as 80.0. If the
 * column holds a list (JSON or array), the value matches any element.
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
  const number = asNumber(filter.is, dialect);
  if (Number.isFinite(number)) ways.push(between(column, number, number));
  return sql`(${sql.join(ways, sql` or `)})`;
}
