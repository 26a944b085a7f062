import { type Kysely, sql } from 'kysely';
import type { ListedTable } from '../backend.js';
import { groupColumns } from '../group-columns.js';
import { quotedName } from '../table-name.js';

/** Lists the tables and views, without the shadow tables of virtual tables. */
export async function listSqliteTables(db: Kysely<unknown>): Promise<ListedTable[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select name from pragma_table_list()
    where schema = 'main' and type in ('table', 'view', 'virtual') and name not like 'sqlite\\_%' escape '\\'
    order by name`.execute(db);
  const rows: ColumnRow[] = [];
  for (const { name } of tables) rows.push(...(await columnsOf(db, name)));
  return groupColumns(
    rows.map(({ table, name, type, key }) => ({
      ...{ table: quotedName(table), name, key: key === 1 },
      ...{ type: type.toLowerCase(), array: false },
    })),
  );
}

interface ColumnRow {
  table: string;
  name: string;
  type: string;
  key: number;
}

/** Returns no columns for a view that refers to a missing table or column. */
async function columnsOf(db: Kysely<unknown>, table: string): Promise<ColumnRow[]> {
  try {
    const { rows } = await sql<ColumnRow>`
      select ${table} as "table", name, type, pk > 0 and sum(pk > 0) over () = 1 as key
      from pragma_table_xinfo(${table}) where hidden <> 1 order by cid`.execute(db);
    return rows;
  } catch (error) {
    if (/^no such /.test((error as Error).message)) return [];
    throw error;
  }
}
