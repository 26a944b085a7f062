import { existsSync } from 'node:fs';
import { createClient } from '@libsql/client/http';
import Database from './sqlite.mjs';

/** The store from outside, in plain SQL. A file is opened read-only by another library than the product's. */
function open(url) {
  if (url.startsWith('http')) {
    const client = createClient({ url, intMode: 'bigint' });
    return {
      all: async (sql) => (await client.execute(sql)).rows.map((row) => ({ ...row })),
      close: () => client.close(),
    };
  }
  const path = url.replace(/^file:/, '');
  if (!existsSync(path)) return { all: async () => [], close() {} };
  const db = new Database(path, { readonly: true, timeout: 10_000 });
  db.defaultSafeIntegers(true);
  return { all: async (sql) => db.prepare(sql).all(), close: () => db.close() };
}

/**
 * What the store says. `attempts`: `{ runId, status, settled, most }` in nanodollars as bigint; `settled` null: unknown;
 * `most` null: no bound. `vectors`: sample id to `{ text, vector, runId }`. `failed`: ids of samples written down as failed.
 */
export async function readLedger(url) {
  const store = open(url);
  try {
    const tables = new Set(
      (await store.all("SELECT name FROM sqlite_master WHERE type = 'table'")).map((row) => row.name),
    );
    const rows = async (table, columns) =>
      tables.has(table) ? await store.all(`SELECT ${columns} FROM ${table}`) : [];
    const attempts = (await rows('api_usage', '*')).map((row) => ({
      runId: row.run_id,
      status: row.status,
      settled: row.total_cost_nanos === null ? null : BigInt(row.total_cost_nanos),
      most: mostOf(row),
    }));
    const vectors = await rows('sample_embeddings', 'sample_id, embedding_source, vibe_vector, run_id');
    const failed = await rows('embedding_failures', 'sample_id');
    return {
      attempts,
      vectors: new Map(
        vectors.map((row) => [
          Number(row.sample_id),
          { text: row.embedding_source, vector: Buffer.from(row.vibe_vector), runId: row.run_id },
        ]),
      ),
      failed: failed.map((row) => Number(row.sample_id)),
    };
  } finally {
    store.close();
  }
}

/** The most that an attempt may have cost: its column, or, in rows of older versions, what the metadata says. */
function mostOf(row) {
  if (row.bound_nanos !== undefined && row.bound_nanos !== null) return BigInt(row.bound_nanos);
  if (row.status === 'failed') return 0n;
  if (row.total_cost_nanos !== null) return BigInt(row.total_cost_nanos);
  const { bound_nanos: bound = null } = JSON.parse(row.extra_metadata ?? '{}');
  return bound === null ? null : BigInt(Math.trunc(bound));
}
