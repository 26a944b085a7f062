import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely';
import type pg from 'pg';
import { blockedFault, Fault, usageFault } from '../fault.js';
import type { Backend, Tables } from './backend.js';

const INT8 = 20;
const NUMERIC = 1700;
const JSON_TYPE = 114;
const JSONB = 3802;

/** Opens a PostgreSQL catalog: at most 4 connections, none before the first query, SELECT statements only. */
export async function openPostgres(url: string): Promise<Backend> {
  const { default: pg } = await import('pg');
  const config: pg.PoolConfig = {
    connectionString: url,
    max: 4,
    application_name: 'sample-embeddings',
    connectionTimeoutMillis: 10_000,
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
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: discarding(pool) }) });
  let closed: Promise<void> | undefined;
  return {
    dialect: 'postgres',
    db,
    place,
    async columns(table) {
      const { rows } = await sql<{ name: string; type: string }>`
        select a.attname as name, format_type(a.atttypid, null) as type
        from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.oid = to_regclass(${table}) and c.relkind in ('r', 'v', 'm', 'p', 'f')
          and a.attnum > 0 and not a.attisdropped`.execute(db);
      return rows.length === 0 ? null : new Map(rows.map((row) => [row.name, row.type]));
    },
    oddId(type) {
      if (/^(smallint|integer|bigint)$/.test(type)) return sql<boolean>`samples.id is null`;
      if (!/^(numeric|real|double precision)$/.test(type))
        return `samples.id is ${type}, not an integer column`;
      return sql<boolean>`samples.id is null or samples.id <> trunc(samples.id)`;
    },
    async run(query) {
      try {
        return await query();
      } catch (error) {
        throw explain(error, place);
      }
    },
    close() {
      closed ??= db.destroy().then(() => pool.end());
      return closed;
    },
  };
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
function discarding(pool: pg.Pool): PostgresPool {
  const connect = async (): Promise<PostgresPoolClient> => {
    const client = await pool.connect();
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

function explain(error: unknown, place: string): Error {
  if (error instanceof Fault) return error;
  const code = codeOf(error);
  const reason = reasonOf(error);
  if (code.startsWith('28')) {
    const cure = /no encryption/.test(reason) ? '; add ?sslmode=require' : '';
    return usageFault(`DATABASE_URL: ${place} refuses the login: ${reason}${cure}`, error);
  }
  if (code === '3D000') return usageFault(`DATABASE_URL: ${place}: ${reason}`, error);
  if (code.startsWith('42')) return blockedFault(`The catalog in ${place} cannot be read: ${reason}`, error);
  return new Error(`${place}: ${reason}`, { cause: error });
}

/** A refused connection to a name with two addresses has no message of its own, only those of its parts. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message || codeOf(error) || error.name : String(error);
}

const codeOf = (error: unknown): string => String((error as { code?: unknown })?.code ?? '');
