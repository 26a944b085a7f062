import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely';
import type pg from 'pg';
import { type Backend, RefusedSelect } from '../backend.js';
import type { CatalogUrl } from '../url.js';
import { codeOf, explainPostgres, isRefusedSelect } from './errors.js';
import { listPostgresTables } from './list-tables.js';
import { offersTls } from './prefer-tls.js';
import { findPostgresTable, schemasWith, typesOf } from './tables.js';

const INT8 = 20;
const NUMERIC = 1700;
const JSON_TYPE = 114;
const JSONB = 3802;
const CONNECT_MS = 10_000;

/**
 * Opens a PostgreSQL catalog for reading: at most 4 connections, none before the first query. `readOnly`: the server
 * refuses writes, for statements that users wrote (a function may write). That costs a round trip per statement.
 */
export async function openPostgres(
  { url, schemas, preferTls }: Extract<CatalogUrl, { dialect: 'postgres' }>,
  { readOnly }: { readOnly: boolean },
): Promise<Backend> {
  const { default: pg } = await import('pg');
  const config: pg.PoolConfig = {
    connectionString: url,
    max: 4,
    application_name: 'sample-embeddings',
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: 120_000,
    keepAlive: true,
    types: { getTypeParser: (oid, format) => parsers[oid] ?? pg.types.getTypeParser(oid, format) },
  };
  const { host, port, database } = new pg.Client(config);
  const place = `PostgreSQL at ${host}:${port}/${database ?? ''}`;
  const pool = new pg.Pool(config);
  // A restarting server closes idle and busy connections. Without listeners, either error would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  let asked = !preferTls;
  const connect = async (): Promise<pg.PoolClient> => {
    if (!asked) {
      // The certificate is not verified, as in libpq: TLS then protects only against passive eavesdropping.
      if (await offersTls(host, port, CONNECT_MS)) pool.options.ssl = { rejectUnauthorized: false };
      asked = true;
    }
    return pool.connect();
  };
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: discarding(connect, readOnly) }) });
  let closed: Promise<void> | undefined;
  return {
    dialect: 'postgres',
    db,
    place,
    find: (table, schema) => findPostgresTable(db, table, schema === undefined ? schemas : [schema]),
    elsewhere: (table) => schemasWith(db, table),
    tables: () => listPostgresTables(db),
    async describe(select) {
      const fields = await fieldsOf(connect, select);
      const types = await typesOf(
        db,
        fields.map(({ dataTypeID }) => dataTypeID),
      );
      return fields.map(({ name, dataTypeID }) => ({
        name,
        ...(types.get(dataTypeID) ?? { type: 'unknown', array: false }),
      }));
    },
    nonIntegerId(type, id) {
      if (/^(smallint|integer|bigint)$/.test(type)) return sql<boolean>`${id} is null`;
      if (!/^(numeric|real|double precision)\b/.test(type)) return 'text';
      return sql<boolean>`(${id} is null or ${id} <> trunc(${id}))`;
    },
    hidesRows: (from) => hidesRows(db, from),
    generation: () => '',
    changeMark: () => null,
    async run(query) {
      try {
        return await query();
      } catch (error) {
        throw explainPostgres(error, place);
      }
    },
    close() {
      closed ??= db.destroy().then(() => pool.end());
      return closed;
    },
  };
}

/** Returns the columns of a SELECT; reads no row. Throws a RefusedSelect when the server does not accept it. */
async function fieldsOf(connect: () => Promise<pg.PoolClient>, select: string): Promise<pg.FieldDef[]> {
  const client = await connect();
  let broken = true;
  try {
    await client.query('begin transaction read only');
    // The extended protocol accepts one statement only. pg's types lack the setting.
    const text = `select * from (\n${select}\n) as rows limit 0`;
    const { fields } = await client.query({ text, queryMode: 'extended' } as pg.QueryConfig);
    await client.query('commit');
    broken = false;
    return fields;
  } catch (error) {
    throw isRefusedSelect(error) ? new RefusedSelect((error as Error).message, { cause: error }) : error;
  } finally {
    client.release(broken);
  }
}

/** Returns whether a policy hides rows: with row_security off the server then rejects the statement, also for views. */
async function hidesRows(db: Kysely<unknown>, from: Parameters<Backend['hidesRows']>[0]): Promise<boolean> {
  // Any other error is thrown here, so that below only the policy can fail.
  await sql`select 1 from ${from} as rows limit 0`.execute(db);
  try {
    await db.transaction().execute(async (transaction) => {
      await sql`set local row_security = off`.execute(transaction);
      await sql`select 1 from ${from} as rows limit 0`.execute(transaction);
    });
    return false;
  } catch (error) {
    if (codeOf(error) === '42501') return true;
    throw error;
  }
}

/** Keeps JSON as text, as in SQLite: both share one reader, and a JSON string is not mistaken for JSON. */
const asText = (value: string): string => value;
const parsers: Record<number, (value: string) => unknown> = {
  [INT8]: Number,
  [NUMERIC]: Number,
  [JSON_TYPE]: asText,
  [JSONB]: asText,
};

/**
 * Creates a pool that discards a connection after any failure except an error response of the server: the connection
 * may still be mid-query. `readOnly`: all statements between connect and release are one read-only transaction. A
 * session setting would stay on a pooler's connection and stop other clients from writing.
 */
function discarding(pooled: () => Promise<pg.PoolClient>, readOnly: boolean): PostgresPool {
  const connect = async (): Promise<PostgresPoolClient> => {
    const client = await pooled();
    let broken: Error | undefined;
    let transaction: 'none' | 'ours' | 'theirs' = 'none';
    const send = async (text: string, values?: unknown[]) => {
      try {
        return await client.query(text, values);
      } catch (error) {
        if (!/^(?!57)[0-9A-Z]{5}$/.test(codeOf(error))) broken = error as Error;
        throw error;
      }
    };
    const query = async (text: string, values: unknown[]) => {
      if (!readOnly || transaction !== 'none') return send(text, values);
      transaction = text === 'begin' ? 'theirs' : 'ours';
      const begun = await send('begin transaction read only');
      return transaction === 'theirs' ? begun : send(text, values);
    };
    const release = (): void => {
      if (transaction !== 'ours' || broken !== undefined) client.release(broken);
      else
        send('commit').then(
          () => client.release(),
          (error: Error) => client.release(error),
        );
    };
    return { query, release } as unknown as PostgresPoolClient;
  };
  // close() ends the pool, because Kysely ends only a pool that it has used.
  return { connect, end: async () => {} } as PostgresPool;
}
