import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely';
import type pg from 'pg';
import type { Backend, Tables } from '../backend.js';
import type { CatalogUrl } from '../url.js';
import { codeOf, explainPostgres } from './errors.js';
import { offersTls } from './prefer-tls.js';
import { findPostgresTable, schemasWith } from './tables.js';

const INT8 = 20;
const NUMERIC = 1700;
const JSON_TYPE = 114;
const JSONB = 3802;
const CONNECT_MS = 10_000;

/** Opens a PostgreSQL catalog: at most 4 connections, none before the first query. It only reads. */
export async function openPostgres({
  url,
  schemas,
  preferTls,
}: Extract<CatalogUrl, { dialect: 'postgres' }>): Promise<Backend> {
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
  // A server that restarts ends idle and busy connections alike: without listeners either would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  let asked = !preferTls;
  const connect = async (): Promise<pg.PoolClient> => {
    if (!asked) {
      // Without a certificate's check, as in libpq: it hides what is sent from those who only listen.
      if (await offersTls(host, port, CONNECT_MS)) pool.options.ssl = { rejectUnauthorized: false };
      asked = true;
    }
    return pool.connect();
  };
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: discarding(connect) }) });
  let closed: Promise<void> | undefined;
  return {
    dialect: 'postgres',
    db,
    place,
    find: (table) => findPostgresTable(db, table, schemas),
    elsewhere: (table) => schemasWith(db, table),
    oddId(type) {
      if (/^(smallint|integer|bigint)$/.test(type)) return sql<boolean>`samples.id is null`;
      if (!/^(numeric|real|double precision)\b/.test(type))
        return `samples.id is ${type}, not an integer column; give samples integer ids, or make a view that has them`;
      return sql<boolean>`samples.id is null or samples.id <> trunc(samples.id)`;
    },
    hides: (from) => hidesRows(db, from),
    generation: () => '',
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

/** With row_security off, a statement that a policy would change is refused: also through views. */
async function hidesRows(db: Kysely<Tables>, from: Parameters<Backend['hides']>[0]): Promise<boolean> {
  // Nothing but the policy may fail below.
  await sql`select 1 from ${from} limit 0`.execute(db);
  try {
    await db.transaction().execute(async (transaction) => {
      await sql`set local row_security = off`.execute(transaction);
      await sql`select 1 from ${from} limit 0`.execute(transaction);
    });
    return false;
  } catch (error) {
    if (codeOf(error) === '42501') return true;
    throw error;
  }
}

/** JSON stays text, as SQLite has it: one reader for both, and a JSON string cannot be taken for JSON. */
const asText = (value: string): string => value;
const parsers: Record<number, (value: string) => unknown> = {
  [INT8]: Number,
  [NUMERIC]: Number,
  [JSON_TYPE]: asText,
  [JSONB]: asText,
};

/** A pool that throws a connection away after any failure but an answer of the server: it may still be mid-query. */
function discarding(pooled: () => Promise<pg.PoolClient>): PostgresPool {
  const connect = async (): Promise<PostgresPoolClient> => {
    const client = await pooled();
    let broken: Error | undefined;
    const query = async (text: string, values: unknown[]) => {
      try {
        return await client.query(text, values);
      } catch (error) {
        if (!/^(?!57)[0-9A-Z]{5}$/.test(codeOf(error))) broken = error as Error;
        throw error;
      }
    };
    return { query, release: () => client.release(broken) } as unknown as PostgresPoolClient;
  };
  // Ended by close(), since Kysely ends only what it has used.
  return { connect, end: async () => {} } as PostgresPool;
}
