import type { StoreConnection } from './connection.js';
import { metadataField } from './money.js';

/** As the first migration makes it. */
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

/** Ours, which the next statements make anew. */
const INDEXES = ['idx_api_usage_batch', 'idx_api_usage_pending'];
const MAKE_INDEXES = [
  'CREATE INDEX idx_api_usage_batch ON api_usage(run_id, batch_id)',
  "CREATE INDEX idx_api_usage_pending ON api_usage(run_id) WHERE status = 'pending'",
];
const CHECK = /\s*CHECK\s*\(\s*status IN \([^)]*\)\s*\)/;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Statements that take the CHECK of `status` away, so that a later version can add one while older workers run. SQLite
 * can only do so by making the table anew; columns, indexes and triggers that somebody has added are kept. Renaming
 * would fail where a view reads the table, so the rows are copied twice. `connection` null: it is FIRST_LEDGER, and empty.
 */
export async function openLedgerToNewStatuses(connection: StoreConnection | null): Promise<string[]> {
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
  // The most that the attempt may have cost in all, in nanodollars. NULL: no price was known, or an older version wrote
  // the row; it has the bound in extra_metadata.
  'ALTER TABLE api_usage ADD COLUMN bound_nanos INTEGER',
  // Epoch ms by the store's clock: until then nobody else buys its texts. NULL: an older version wrote the row.
  'ALTER TABLE api_usage ADD COLUMN lease_until INTEGER',
  // What is pending may still be settled by an older worker, which does not know the column.
  `UPDATE api_usage SET bound_nanos = CASE status WHEN 'failed' THEN 0
    ELSE COALESCE(total_cost_nanos, CAST(${metadataField('bound_nanos')} AS INTEGER)) END WHERE status <> 'pending'`,
  // Grain: one row, the fencing token given out last.
  `CREATE TABLE embedding_fence (
    id INTEGER PRIMARY KEY CONSTRAINT one_counter CHECK (id = 1),
    value INTEGER NOT NULL
  )`,
  'INSERT INTO embedding_fence VALUES (1, 0)',
  // The claim under which the row was written. NULL: by an older version.
  'ALTER TABLE sample_embeddings ADD COLUMN fence INTEGER',
  'ALTER TABLE embedding_failures ADD COLUMN fence INTEGER',
  // The place of the word that state and reason are of, among all of its run.
  'ALTER TABLE embedding_runs ADD COLUMN sequence INTEGER',
  // Grain: one row a text and run, whose vector was bought and which sample_embeddings refused. No constraint, trigger
  // or index of anybody else concerns it; a row is deleted by the commit that stores its text.
  `CREATE TABLE kept_vectors (
    content_hash TEXT,
    run_id TEXT,
    model TEXT,
    vector BLOB,
    created_at TEXT,
    PRIMARY KEY (content_hash, run_id)
  )`,
];
