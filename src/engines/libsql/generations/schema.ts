import type { InStatement } from '@libsql/client';
import type { StoreConnection } from '../connection.js';
import { SEARCH_FORGETS } from '../search-words-schema.js';
import { type GenerationTables, tablesOf } from './tables.js';

/**
 * Migration: the content of the store becomes its first generation, in place. Its model is that of most rows; NULL if
 * no row states one, then the first run records it. `connection` null: there are no rows.
 */
export async function generationsSchema(connection: StoreConnection | null): Promise<InStatement[]> {
  const found = await connection?.read(
    'migrations',
    `SELECT model, length(vibe_vector) / 4 AS dimensions FROM sample_embeddings
      WHERE model IS NOT NULL GROUP BY 1, 2 ORDER BY COUNT(*) DESC LIMIT 1`,
  );
  const most = found?.rows[0];
  return [
    // Grain: one row a generation, dropped ones included: a number is never reused. Inserting an unknown state rolls
    // back the transaction of a writer that uses the table names of another generation.
    `CREATE TABLE embedding_generations (
      generation INTEGER PRIMARY KEY,
      state TEXT NOT NULL CONSTRAINT known_state CHECK (state IN ('trial', 'building', 'active', 'retired', 'dropped')),
      model TEXT,
      dimensions INTEGER,
      number_form TEXT NOT NULL DEFAULT 'float32',
      bought_dimensions INTEGER,
      words TEXT,
      template TEXT,
      source_generation INTEGER,
      declared TEXT,
      created_at TEXT NOT NULL,
      activated_at TEXT
    )`,
    "CREATE UNIQUE INDEX one_active_generation ON embedding_generations(state) WHERE state = 'active'",
    {
      sql: `INSERT INTO embedding_generations (generation, state, model, dimensions, created_at)
        VALUES (1, 'active', ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`,
      args: [
        most === undefined ? null : String(most.model),
        most === undefined ? null : BigInt(Number(most.dimensions)),
      ],
    },
    // Generation of an attempt; NULL: a version without generations opened it.
    'ALTER TABLE api_usage ADD COLUMN generation INTEGER',
    // Which generation a run writes.
    'ALTER TABLE embedding_runs ADD COLUMN generation INTEGER',
    // Grain: one row a query whose vector was bought. Other models are tried with these queries.
    `CREATE TABLE query_log (
      text TEXT PRIMARY KEY,
      first_at TEXT NOT NULL,
      last_at TEXT NOT NULL
    )`,
  ];
}

/** Creates the tables of a generation that is being built. */
export function createTables(number: number, active: number): InStatement[] {
  const tables = tablesOf(number, { active, numbers: [] });
  const { vectors, failures, signatures, words, search, texts } = tables;
  return [
    `CREATE TABLE ${vectors} (
      sample_id INTEGER PRIMARY KEY,
      vibe_vector BLOB NOT NULL,
      embedding_source TEXT,
      created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
      content_hash TEXT,
      model TEXT,
      run_id TEXT,
      run_started_at TEXT,
      fence INTEGER
    )`,
    `CREATE INDEX idx_sample_embeddings_created_${number} ON ${vectors}(created_at)`,
    `CREATE INDEX idx_sample_embeddings_hash_run_${number} ON ${vectors}(content_hash, run_id)`,
    `CREATE TABLE ${failures} (
      sample_id INTEGER PRIMARY KEY,
      reason TEXT NOT NULL,
      message TEXT NOT NULL,
      content_hash TEXT,
      permanent INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      run_id TEXT NOT NULL,
      failed_at TEXT NOT NULL,
      fence INTEGER
    )`,
    `CREATE TABLE ${signatures} (sample_id INTEGER PRIMARY KEY, bits BLOB)`,
    `CREATE TABLE ${words} (sample_id INTEGER PRIMARY KEY, words TEXT NOT NULL)`,
    `CREATE VIEW ${search} AS SELECT ${vectors}.sample_id, embedding_source, words
      FROM ${vectors} LEFT JOIN ${words} ON ${words}.sample_id = ${vectors}.sample_id`,
    `CREATE VIRTUAL TABLE ${texts} USING fts5(embedding_source, words, content = '${search}',
      content_rowid = 'sample_id', tokenize = 'porter unicode61 remove_diacritics 2')`,
    `CREATE TRIGGER sample_search_update_${number} AFTER UPDATE OF vibe_vector, embedding_source ON ${vectors} BEGIN
      ${SEARCH_FORGETS(tables)}
    END`,
    `CREATE TRIGGER sample_search_delete_${number} AFTER DELETE ON ${vectors} BEGIN
      ${SEARCH_FORGETS(tables)}
    END`,
  ];
}

/** Deletes the tables with their indexes and triggers. Another program may have dropped some of them already. */
export function dropTables(number: number, active: number): InStatement[] {
  const { vectors, failures, signatures, words, search, texts } = tablesOf(number, { active, numbers: [] });
  return [
    `DROP TABLE IF EXISTS ${texts}`,
    `DROP VIEW IF EXISTS ${search}`,
    `DROP TABLE IF EXISTS ${vectors}`,
    `DROP TABLE IF EXISTS ${failures}`,
    `DROP TABLE IF EXISTS ${signatures}`,
    `DROP TABLE IF EXISTS ${words}`,
  ];
}

const REFUSED = 'update this worker: it knows nothing of the generations of this store';

/** Stops versions without generations from buying once there are two generations. */
export const REFUSE_OLDER: InStatement = `CREATE TRIGGER IF NOT EXISTS refuse_older_workers BEFORE INSERT ON api_usage
  WHEN new.operation = 'embeddings' AND new.generation IS NULL BEGIN SELECT RAISE(ABORT, '${REFUSED}'); END`;

/**
 * Refuses vectors that were bought for another generation, as by a worker of an older version that bought them before.
 * Rows that a person changes by hand are accepted: their run_id does not change.
 */
export const refuseOthers = (
  { number, vectors }: GenerationTables,
  { model, bytes }: { model: string; bytes: number },
): InStatement[] => {
  const other = `new.run_id IS NOT NULL AND (new.model <> '${model.replaceAll("'", "''")}' OR length(new.vibe_vector) <> ${BigInt(bytes)})`;
  const refuse = `BEGIN SELECT RAISE(ABORT, 'this vector belongs to another generation'); END`;
  return [
    `CREATE TRIGGER IF NOT EXISTS only_generation_${number}_inserted BEFORE INSERT ON ${vectors} WHEN ${other} ${refuse}`,
    `CREATE TRIGGER IF NOT EXISTS only_generation_${number}_updated BEFORE UPDATE OF run_id ON ${vectors} WHEN ${other} ${refuse}`,
  ];
};
