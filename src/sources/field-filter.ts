import { type RawBuilder, sql } from 'kysely';
import type { Backend } from './backend.js';
import { filterDialect } from './filter-dialect.js';
import type { FieldFilter } from './types.js';

/** What a filter asks of a column. A value that is a number is also found where it is written otherwise, as 80.0. */
export function fieldCondition(
  dialect: Backend['dialect'],
  column: RawBuilder<unknown>,
  filter: FieldFilter,
): RawBuilder<boolean> {
  const { is, between } = filterDialect(dialect);
  if (!('is' in filter)) return between(column, filter.from, filter.to);
  const number = filter.is.trim() === '' ? Number.NaN : Number(filter.is);
  if (!Number.isFinite(number)) return is(column, filter.is);
  return sql`(${is(column, filter.is)} or ${between(column, number, number)})`;
}
