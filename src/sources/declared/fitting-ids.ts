import { sql } from 'kysely';
import { usageFault } from '../../fault.js';
import type { Backend } from '../backend.js';
import { fieldCondition } from '../field-filter.js';
import type { SampleFilter } from '../types.js';
import { type DeclaredShape, listed } from './shape.js';

/**
 * Returns the ids of the matching rows, in the database's form and order. Throws a usage Fault for a column that does
 * not exist, and for the options that only the sample library has.
 */
export async function fittingIds(
  { db, dialect }: Backend,
  { source, idColumn, columns }: DeclaredShape,
  { where = [], ...others }: SampleFilter,
): Promise<(string | number)[]> {
  for (const [option, value] of Object.entries(others))
    if (value !== undefined)
      throw usageFault(
        `--${option}: these rows are no sample library; write --where with a column: ${listed(columns)}`,
      );
  const wanted = where.map((filter) => {
    const name = dialect === 'sqlite' ? filter.field.toLowerCase() : filter.field;
    if (!columns.has(name))
      throw usageFault(`--where: there is no column ${filter.field}; ${listed(columns)}`);
    return fieldCondition(dialect, sql.id('rows', name), filter);
  });
  const id = sql.id('rows', idColumn);
  const { rows } = await sql<{ id: string | number }>`
    select ${id} as id from ${source} as rows
    ${wanted.length === 0 ? sql`` : sql`where ${sql.join(wanted, sql` and `)}`} order by ${id}`.execute(db);
  return rows.map((row) => row.id);
}
