import { setTimeout as wait } from 'node:timers/promises';
import type { InStatement } from '@libsql/client';
import { Fault, usageFault } from '../../fault.js';
import { CATALOG_SHAPE_SCHEMA } from './catalog-shape.js';
import type { StoreConnection } from './connection.js';
import { errorText, isMissingColumn, isMissingTable, isUnreachable } from './errors.js';
import { refuseForeignTables } from './foreign-tables.js';
import { generationsSchema } from './generations/schema.js';
import { IDENTITY_SCHEMA } from './identity.js';
import { CLAIMS_AND_FENCES, dropStatusCheck, FIRST_LEDGER } from './ledger-schema.js';
import { SEARCH_ENTRIES_SCHEMA } from './search-entries.js';
import { SEARCH_SCHEMA } from './search-schema.js';
import { SEARCH_WORDS_SCHEMA } from './search-words-schema.js';
import { SEND_LIMITS_SCHEMA } from './send-limits.js';

/** Attempts to reach a server that does not answer, half a second apart. */
const TRIES = 4;

/** Statements, or a function that creates them from the existing tables. Null: migrations just created the tables. */
type Migration =
  | readonly InStatement[]
  | ((connection: StoreConnection | null) => Promise<readonly InStatement[]>);

/** Numbered, in order. A migration that has landed is never edited. */
export const MIGRATIONS: readonly Migration[] = [
  [
    // Grain: one row a sample, its newest vector. The old script made the first four columns; its table is taken over
    // as it is, and its rows have no hash until they are adopted.
    `CREATE TABLE IF NOT EXISTS sample_embeddings (
      sample_id INTEGER PRIMARY KEY,
      vibe_vector BLOB NOT NULL,
      embedding_source TEXT,
      created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
    )`,
    'CREATE INDEX IF NOT EXISTS idx_sample_embeddings_created ON sample_embeddings(created_at)',
    'ALTER TABLE sample_embeddings ADD COLUMN content_hash TEXT',
    'ALTER TABLE sample_embeddings ADD COLUMN model TEXT',
    'ALTER TABLE sample_embeddings ADD COLUMN run_id TEXT',
    // When the run that wrote the row began: a late writer of an older run must not overwrite it.
    'ALTER TABLE sample_embeddings ADD COLUMN run_started_at TEXT',
    'CREATE INDEX idx_sample_embeddings_hash ON sample_embeddings(content_hash)',
    // Grain: one row a sample that failed and has not been stored since.
    `CREATE TABLE embedding_failures (
      sample_id INTEGER PRIMARY KEY,
      reason TEXT NOT NULL,
      message TEXT NOT NULL,
      content_hash TEXT,
      permanent INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      run_id TEXT NOT NULL,
      failed_at TEXT NOT NULL
    )`,
    // Grain: one row an attempt, which is one HTTP request. Costs in US dollars, exact in nanodollars; NULL: unknown.
    FIRST_LEDGER,
    'CREATE INDEX idx_api_usage_batch ON api_usage(run_id, batch_id)',
    "CREATE INDEX idx_api_usage_pending ON api_usage(run_id) WHERE status = 'pending'",
    // Grain: one row a run, so that its progress can be shown while no worker is running.
    `CREATE TABLE embedding_runs (
      run_id TEXT PRIMARY KEY,
      workflow_id TEXT NOT NULL,
      request TEXT NOT NULL,
      state TEXT NOT NULL,
      reason TEXT,
      selected INTEGER NOT NULL,
      stored INTEGER NOT NULL,
      unchanged INTEGER NOT NULL,
      failed INTEGER NOT NULL,
      copied INTEGER NOT NULL,
      noted INTEGER NOT NULL,
      requests INTEGER NOT NULL,
      tokens INTEGER NOT NULL,
      cost_nanos INTEGER NOT NULL,
      last_processed_id INTEGER,
      started_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    )`,
  ],
  [
    // A reset run looks for what it bought itself among rows with the same text.
    'CREATE INDEX idx_sample_embeddings_hash_run ON sample_embeddings(content_hash, run_id)',
    'DROP INDEX idx_sample_embeddings_hash',
  ],
  [
    // Samples gone from the catalog whose rows the run deleted; the deletions themselves count them.
    'ALTER TABLE embedding_runs ADD COLUMN pruned INTEGER NOT NULL DEFAULT 0',
  ],
  SEARCH_SCHEMA,
  async (connection) => [...(await dropStatusCheck(connection)), ...CLAIMS_AND_FENCES],
  [...SEARCH_WORDS_SCHEMA, ...CATALOG_SHAPE_SCHEMA],
  [
    // Samples of the selection, counted before planning: progress is measured against it during planning.
    'ALTER TABLE embedding_runs ADD COLUMN expected INTEGER',
  ],
  IDENTITY_SCHEMA,
  generationsSchema,
  SEND_LIMITS_SCHEMA,
  SEARCH_ENTRIES_SCHEMA,
];

/**
 * Upgrades the tables, an empty database in one transaction; safe in several processes at once. Throws a Fault of kind
 * `usage`, and changes nothing, if TURSO_DATABASE_URL cannot be reached, holds foreign tables under our names, or was
 * made by a newer version.
 */
export async function migrate(connection: StoreConnection): Promise<void> {
  const at = await readFirstVersion(connection);
  if (at > MIGRATIONS.length)
    throw usageFault(
      `TURSO_DATABASE_URL: its tables are of version ${at}, this program knows ${MIGRATIONS.length}: update it`,
    );
  const isEmpty = at === 0 && (await refuseForeign(connection));
  if (isEmpty) await advance(connection, at, MIGRATIONS.length, null);
  else
    for (let number = at; number < MIGRATIONS.length; number++) await advance(connection, number, number + 1);
}

/** Applies the migrations after `from` up to `to` in one transaction. */
async function advance(
  connection: StoreConnection,
  from: number,
  to: number,
  tables: StoreConnection | null = connection,
): Promise<void> {
  try {
    const statements: InStatement[] = [
      'CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL)',
    ];
    for (let number = from + 1; number <= to; number++) {
      const migration = MIGRATIONS[number - 1] ?? [];
      statements.push(
        // Inserted first, so that the second of two processes fails here and changes nothing.
        {
          sql: 'INSERT INTO schema_migrations VALUES (?, ?)',
          args: [BigInt(number), new Date().toISOString()],
        },
        ...(typeof migration === 'function' ? await migration(tables) : migration),
      );
    }
    await connection.write(`migration ${to}`, statements);
  } catch (error) {
    if (error instanceof Fault || (await version(connection)) < to) throw error;
  }
}

/** Returns whether the store holds our tables in an older version. */
export async function isOutdated(connection: StoreConnection): Promise<boolean> {
  const at = await version(connection);
  return at > 0 && at < MIGRATIONS.length;
}

/** Reads the version. Retries, because a restarting server is back in a moment; a wrong address stays wrong. */
async function readFirstVersion(connection: StoreConnection): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return await version(connection);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      if (tries === TRIES)
        throw usageFault(
          `TURSO_DATABASE_URL cannot be reached: check it, and that the server is up (${errorText((error as Error).cause)})`,
          error,
        );
      await wait(500);
    }
  }
}

async function version(connection: StoreConnection): Promise<number> {
  try {
    const { rows } = await connection.read(
      'migrations',
      `SELECT MAX(version) AS version,
        (SELECT group_concat(name) FROM pragma_table_info('schema_migrations')) AS columns FROM schema_migrations`,
    );
    if (rows[0]?.columns !== 'version,applied_at') throw notOurs();
    return Number(rows[0]?.version ?? 0);
  } catch (error) {
    if (isMissingColumn(error, 'version')) throw notOurs();
    if (isMissingTable(error)) return 0;
    throw error;
  }
}

const notOurs = (): Fault =>
  usageFault('TURSO_DATABASE_URL: its table schema_migrations is not ours; use another database');

/** @returns whether none of our tables exists. */
async function refuseForeign(connection: StoreConnection): Promise<boolean> {
  try {
    return await refuseForeignTables(connection);
  } catch (error) {
    // The tables are ours if another process has created them meanwhile.
    if ((await version(connection)) === 0) throw error;
    return false;
  }
}
