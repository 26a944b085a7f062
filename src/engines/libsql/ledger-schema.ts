import type { StoreConnection } from './connection.js';
import { metadataField } from './money.js';

/** The ledger as the first migration creates it. */
export const FIRST_LEDGER = `CREATE TABLE api_usage (
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
    )`;

/** This program's indexes, which MAKE_INDEXES creates again. */
const INDEXES = ['idx_api_usage_batch', 'idx_api_usage_pending'];
const MAKE_INDEXES = [
  'CREATE INDEX idx_api_usage_batch ON api_usage(run_id, batch_id)',
  "CREATE INDEX idx_api_usage_pending ON api_usage(run_id) WHERE status = 'pending'",
];
const CHECK = /\s*CHECK\s*\(\s*status IN \([^)]*\)\s*\)/;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Returns statements that remove the CHECK of `status`, so that a later version can add a status while older workers
 * run. SQLite can only do so by recreating the table; columns, indexes and triggers that others have added are kept.
 * Renaming would fail if a view reads the table, so the rows are copied twice. `connection` null: the table is
 * FIRST_LEDGER, and empty.
 */
export async function dropStatusCheck(connection: StoreConnection | null): Promise<string[]> {
  if (connection === null) return ['DROP TABLE api_usage', FIRST_LEDGER.replace(CHECK, ''), ...MAKE_INDEXES];
  const table = await connection.read(
    'migrations',
    "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'api_usage'",
  );
  const sql = String(table.rows[0]?.sql ?? '');
  if (!CHECK.test(sql)) return [];
  const columns = (
    await connection.read('migrations', "SELECT name FROM pragma_table_info('api_usage')")
  ).rows.map((row) => quoted(String(row.name)));
  const others = await connection.read(
    'migrations',
    `SELECT name, sql FROM sqlite_master WHERE lower(tbl_name) = 'api_usage' AND type IN ('index', 'trigger')
      AND sql IS NOT NULL ORDER BY type, name`,
  );
  const list = columns.join(', ');
  return [
    `CREATE TABLE api_usage_copy AS SELECT ${list} FROM api_usage`,
    'DROP TABLE api_usage',
    sql.replace(CHECK, ''),
    `INSERT INTO api_usage (${list}) SELECT ${list} FROM api_usage_copy`,
    'DROP TABLE api_usage_copy',
    ...MAKE_INDEXES,
    ...others.rows.filter((row) => !INDEXES.includes(String(row.name))).map((row) => String(row.sql)),
  ];
}

export const CLAIMS_AND_FENCES: readonly string[] = [
  // Upper bound of the attempt's whole cost in nanodollars. NULL: no price was known, or an older version wrote the
  // row; such a row has the bound in extra_metadata.
  'ALTER TABLE api_usage ADD COLUMN bound_nanos INTEGER',
  // Epoch ms by the store's clock: until then nobody else buys its texts. NULL: an older version wrote the row.
  'ALTER TABLE api_usage ADD COLUMN lease_until INTEGER',
  // Pending rows are left out: an older worker, which does not know the column, may still settle them.
  `UPDATE api_usage SET bound_nanos = CASE status WHEN 'failed' THEN 0
    ELSE COALESCE(total_cost_nanos, CAST(${metadataField('bound_nanos')} AS INTEGER)) END WHERE status <> 'pending'`,
  // Grain: one row, the fencing token issued last.
  `CREATE TABLE embedding_fence (
    id INTEGER PRIMARY KEY CONSTRAINT one_counter CHECK (id = 1),
    value INTEGER NOT NULL
  )`,
  'INSERT INTO embedding_fence VALUES (1, 0)',
  // Fencing token of the claim that wrote the row. NULL: an older version wrote it.
  'ALTER TABLE sample_embeddings ADD COLUMN fence INTEGER',
  'ALTER TABLE embedding_failures ADD COLUMN fence INTEGER',
  // Sequence number of the update that set state and reason, among all updates of the run.
  'ALTER TABLE embedding_runs ADD COLUMN sequence INTEGER',
  // Grain: one row a text and run whose bought vector sample_embeddings refused. No constraint, trigger or index of
  // another program applies to it; the commit that stores the text deletes the row.
  `CREATE TABLE kept_vectors (
    content_hash TEXT,
    run_id TEXT,
    model TEXT,
    vector BLOB,
    created_at TEXT,
    PRIMARY KEY (content_hash, run_id)
  )`,
];
