import { type Kysely, sql } from 'kysely';
import type { ListedTable } from '../backend.js';
import { groupColumns, quotedName } from '../group-columns.js';

/** Without the tables that virtual tables keep for themselves. */
export async function listSqliteTables(db: Kysely<unknown>): Promise<ListedTable[]> {
  const { rows } = await sql<{ table: string; name: string; type: string; key: number }>`
    select t.name as "table", c.name as name, c.type as type,
      c.pk > 0 and sum(c.pk > 0) over (partition by t.name) = 1 as key
    from pragma_table_list() as t, pragma_table_xinfo(t.name) as c
    where t.schema = 'main' and t.type in ('table', 'view', 'virtual') and t.name not like 'sqlite\\_%' escape '\\'
      and c.hidden <> 1
    order by t.name, c.cid`.execute(db);
  return groupColumns(
    rows.map(({ table, name, type, key }) => ({
      ...{ table: quotedName(table), name, key: key === 1 },
      ...{ type: type.toLowerCase(), array: false },
    })),
  );
}
