import { usageFault } from '../fault.js';
import type { StoreConnection } from './connection.js';

/** Numbered, in order, each one transaction; what has landed is never edited. */
export const MIGRATIONS: readonly string[][] = [
  [
    // Grain: one row a sample, its newest vector. The first four columns are the old script's, whose table is taken
    // over as it is: its rows have no hash until they are adopted.
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
    `CREATE TABLE api_usage (
      request_id TEXT PRIMARY KEY,
      run_id TEXT NOT NULL,
      batch_id TEXT NOT NULL,
      model TEXT NOT NULL,
      operation TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('pending', 'settled', 'failed', 'uncertain')),
      input_tokens INTEGER,
      output_tokens INTEGER,
      total_tokens INTEGER,
      input_cost REAL,
      output_cost REAL,
      total_cost REAL,
      total_cost_nanos INTEGER,
      created_at TEXT NOT NULL,
      settled_at TEXT,
      extra_metadata TEXT,
      text_hashes TEXT
    )`,
    'CREATE INDEX idx_api_usage_batch ON api_usage(run_id, batch_id)',
    "CREATE INDEX idx_api_usage_pending ON api_usage(run_id) WHERE status = 'pending'",
    // Grain: one row a run, so that it can be told where it stands while no worker is up.
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
];

/** Brings the tables up to date. A table of that name that is not the old script's is refused and left alone. */
export async function migrate(connection: StoreConnection): Promise<void> {
  const at = await version(connection);
  if (at === 0) await refuseForeignTable(connection);
  for (let number = at + 1; number <= MIGRATIONS.length; number++) {
    try {
      await connection.write(`migration ${number}`, [
        'CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL)',
        // First, so that of two processes the second fails here and changes nothing.
        {
          sql: 'INSERT INTO schema_migrations VALUES (?, ?)',
          args: [BigInt(number), new Date().toISOString()],
        },
        ...(MIGRATIONS[number - 1] ?? []),
      ]);
    } catch (error) {
      if ((await version(connection)) < number) throw error;
    }
  }
}

async function version(connection: StoreConnection): Promise<number> {
  const table = await connection.read(
    'migrations',
    "SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'",
  );
  if (table.rows.length === 0) return 0;
  const newest = await connection.read('migrations', 'SELECT MAX(version) AS version FROM schema_migrations');
  return Number(newest.rows[0]?.version ?? 0);
}

async function refuseForeignTable(connection: StoreConnection): Promise<void> {
  const { rows } = await connection.read(
    'migrations',
    "SELECT name, pk FROM pragma_table_info('sample_embeddings')",
  );
  if (rows.length === 0) return;
  const columns = new Map(rows.map((row) => [String(row.name), Number(row.pk)]));
  const known =
    columns.get('sample_id') === 1 &&
    columns.has('vibe_vector') &&
    columns.has('embedding_source') &&
    columns.has('created_at');
  if (!known)
    throw usageFault(
      'TURSO_DATABASE_URL: its table sample_embeddings is not ours (sample_id as primary key, vibe_vector, ' +
        'embedding_source, created_at); it was left as it is: use another database',
    );
}
