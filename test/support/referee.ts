import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Bill } from '../../src/local/sandbox-openrouter/index.js';
import { createLexicalVectors } from '../../src/local/sandbox-openrouter/lexical-vectors.js';
import { Database } from '../../src/sqlite.js';

/** The content of a store, read from outside with another library than the product's. */
export interface StoreFacts {
  ids: number[];
  failed: number[];
  settledNanos: number;
  uncertain: number;
  /** Upper bound of the cost of attempts whose cost is not known. */
  unknownNanos: number;
  pending: number;
  /** Hash of every byte that a second run must not change. */
  digest: string;
}

export interface StoredVector {
  sample_id: number;
  vibe_vector: Buffer;
  embedding_source: string;
}

export function readStore(path: string): { facts: StoreFacts; vectors: StoredVector[] } {
  const db = new Database(path, { readonly: true });
  try {
    const vectors = db
      .prepare<[], StoredVector>(
        'SELECT sample_id, vibe_vector, embedding_source FROM sample_embeddings ORDER BY sample_id',
      )
      .all();
    const one = (sql: string): number => Number(db.prepare<[], { n: number | null }>(sql).get()?.n ?? 0);
    const failed = db
      .prepare<[], { id: number }>('SELECT sample_id AS id FROM embedding_failures ORDER BY 1')
      .all();
    const digest = createHash('sha256');
    const rows = db.prepare<[], object>('SELECT * FROM sample_embeddings ORDER BY sample_id').all();
    for (const row of rows)
      for (const value of Object.values(row)) digest.update(Buffer.isBuffer(value) ? value : `${value}|`);
    const facts = {
      ids: vectors.map((row) => row.sample_id),
      failed: failed.map((row) => row.id),
      settledNanos: one("SELECT SUM(total_cost_nanos) AS n FROM api_usage WHERE status = 'settled'"),
      uncertain: one("SELECT COUNT(*) AS n FROM api_usage WHERE status = 'uncertain'"),
      unknownNanos: one(
        `SELECT SUM(json_extract(extra_metadata, '$.bound_nanos')) AS n FROM api_usage
          WHERE status IN ('settled', 'uncertain') AND total_cost_nanos IS NULL`,
      ),
      pending: one("SELECT COUNT(*) AS n FROM api_usage WHERE status = 'pending'"),
      digest: digest.digest('hex'),
    };
    return { facts, vectors };
  } finally {
    db.close();
  }
}

export function idsOf(catalog: string): number[] {
  const db = new Database(catalog, { readonly: true });
  try {
    return db
      .prepare<[], { id: number }>('SELECT id FROM samples ORDER BY id')
      .all()
      .map((row) => row.id);
  } finally {
    db.close();
  }
}

/**
 * Checks that every vector is the sandbox's vector for exactly the text stored with it, and that the bill lies between
 * what the ledger has settled and that sum plus the uncertain amount.
 */
export function judge(store: string, selected: number[], bill: Bill): StoreFacts {
  const { facts, vectors } = readStore(store);
  expect([...facts.ids, ...facts.failed].sort((a, b) => a - b)).toEqual(selected);
  const make = createLexicalVectors(1536);
  for (const { sample_id: id, vibe_vector: bytes, embedding_source: text } of vectors)
    expect(Buffer.from(make(text).buffer).equals(bytes), `vector of sample ${id}`).toBe(true);
  expect(facts.pending).toBe(0);
  expect(facts.settledNanos).toBeLessThanOrEqual(bill.costNanos);
  expect(bill.costNanos).toBeLessThanOrEqual(facts.settledNanos + facts.unknownNanos);
  if (facts.unknownNanos === 0) expect(facts.settledNanos).toBe(bill.costNanos);
  return facts;
}
