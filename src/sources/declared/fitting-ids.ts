import { sql } from 'kysely';
import { usageFault } from '../../fault.js';
import type { Readings } from '../../readings/of-columns.js';
import type { Backend } from '../backend.js';
import { conditionsOn } from '../condition.js';
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
  readings: Readings,
): Promise<(string | number)[]> {
  for (const [option, value] of Object.entries(others))
    if (value !== undefined)
      throw usageFault(
        `--${option}: these rows are no sample library; write --where with a column: ${listed(columns)}`,
      );
  const conditions = where.map((filter) => {
    const name = dialect === 'sqlite' ? filter.field.toLowerCase() : filter.field;
    if (!columns.has(name))
      throw usageFault(`--where: there is no column ${filter.field}; ${listed(columns)}`);
    return {
      columns: [{ value: sql.id('rows', name), reading: readings.get(filter.field) }],
      wanted: filter,
    };
  });
  const { values, where: mayFit, fits } = conditionsOn(dialect, conditions);
  const id = sql.id('rows', idColumn);
  const { rows } = await sql<{ id: string | number }>`
    select ${id} as id${values} from ${source} as rows where ${mayFit} order by ${id}`.execute(db);
  return rows.filter(fits).map((row) => row.id);
}
