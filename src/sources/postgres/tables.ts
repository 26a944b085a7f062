import { type Kysely, sql } from 'kysely';
import type { Column, FoundTable } from '../backend.js';

/** Tables, views, materialized views, partitioned and foreign tables. */
export const READABLE = sql`('r', 'v', 'm', 'p', 'f')`;

/**
 * Finds a table in the first of these schemas that has it (`$user`: the schema named like the role); null: in the
 * server's search path. Returns the name with its schema, so that no connection's setting decides what is read: poolers
 * hand out connections that other clients have used.
 */
export async function findPostgresTable(
  db: Kysely<unknown>,
  table: string,
  schemas: readonly string[] | null,
): Promise<FoundTable | null> {
  const where =
    schemas === null
      ? sql`to_regclass(quote_ident(${table}))`
      : sql`(select t.oid from unnest(${[...schemas]}::text[]) with ordinality as path (name, place)
          join pg_namespace s on s.nspname = case path.name when '$user' then current_user else path.name end
          join pg_class t on t.relnamespace = s.oid and t.relname = ${table} and t.relkind in ${READABLE}
          order by path.place limit 1)`;
  const { rows } = await sql<{ schema: string; name: string; type: string; array: boolean }>`
    select n.nspname as schema, a.attname as name, format_type(base.oid, null) as type, base.typcategory = 'A' as array
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    cross join lateral (
      with recursive made_of as (
        select oid, typbasetype, typcategory from pg_type where oid = a.atttypid
        union all select t.oid, t.typbasetype, t.typcategory from made_of join pg_type t on t.oid = made_of.typbasetype)
      select oid, typcategory from made_of where typbasetype = 0
    ) as base
    where c.oid = ${where} and c.relkind in ${READABLE} and a.attnum > 0 and not a.attisdropped`.execute(db);
  const [first] = rows;
  if (first === undefined) return null;
  const columns = rows.map((row) => [row.name, { type: row.type, array: row.array }] as const);
  return { from: sql.id(first.schema, table), columns: new Map(columns) };
}

/** Returns column types by OID. */
export async function typesOf(db: Kysely<unknown>, oids: readonly number[]): Promise<Map<number, Column>> {
  const { rows } = await sql<{ oid: string; type: string; array: boolean }>`
    select cast(oid as text) as oid, format_type(oid, null) as type, typcategory = 'A' as array
    from pg_type where oid = any(cast(${[...oids]} as oid[]))`.execute(db);
  return new Map(rows.map(({ oid, type, array }) => [Number(oid), { type, array }]));
}

/** Returns up to five schemas that have a table of this name. */
export async function schemasWith(db: Kysely<unknown>, table: string): Promise<string[]> {
  const { rows } = await sql<{ schema: string }>`
    select n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relname = ${table} and c.relkind in ${READABLE} and n.nspname !~ '^(pg_|information_schema$)'
    order by 1 limit 5`.execute(db);
  return rows.map((row) => row.schema);
}
