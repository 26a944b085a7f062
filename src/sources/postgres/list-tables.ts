import { type Kysely, sql } from 'kysely';
import type { Column, ListedTable } from '../backend.js';
import { groupColumns } from '../group-columns.js';
import { quotedName } from '../table-name.js';
import { READABLE } from './tables.js';

interface Found extends Column {
  schema: string;
  table: string;
  /** True when the name without schema finds it. */
  visible: boolean;
  name: string;
  key: boolean;
}

/** Lists the tables of which this role may read at least one column. */
export async function listPostgresTables(db: Kysely<unknown>): Promise<ListedTable[]> {
  const { rows } = await sql<Found>`
    select n.nspname as schema, c.relname as "table", pg_table_is_visible(c.oid) as visible, a.attname as name,
      format_type(a.atttypid, null) as type, t.typcategory = 'A' as array,
      coalesce(i.indnatts = 1 and a.attnum = i.indkey[0], false) as key
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
    where c.relkind in ${READABLE} and n.nspname !~ '^(pg_|information_schema$)' and not c.relispartition
      and has_schema_privilege(n.oid, 'usage') and has_column_privilege(c.oid, a.attnum, 'select')
    order by n.nspname, c.relname, a.attnum`.execute(db);
  return groupColumns(
    rows.map(({ schema, table, visible, ...column }) => ({
      ...column,
      table: visible ? quotedName(table) : `${quotedName(schema)}.${quotedName(table)}`,
    })),
  );
}
