import type { Row } from '@libsql/client';
import type { StoreConnection } from './connection.js';
import type { GenerationScope } from './generations/scope.js';
import { integer } from './rows.js';

/** One row of `sample_embeddings` with its vector, unchecked. */
export interface StoredVector {
  sampleId: number;
  /** SQLite's type of vibe_vector; `blob` when all is well. */
  type: string;
  vectorBytes: number;
  /** Null when the length differs: damaged vectors are not transferred. */
  vector: Uint8Array | null;
  text: string | null;
  contentHash: string | null;
  model: string | null;
  runId: string | null;
}

/** Which of our tables and columns exist. A store that the old script filled has fewer until the first run. */
export interface StoreTables {
  vectors: 'none' | 'old' | 'ours';
  failures: boolean;
  ledger: boolean;
}

export interface VectorPage {
  rows: StoredVector[];
  /** True if no row follows the page. */
  last: boolean;
}

/** Bytes of vectors and texts in one page: servers refuse answers of more than 10 MB, and blobs are sent as base64. */
const PAGE_BYTES = 4_000_000;

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const storedVector = (row: Row): StoredVector => ({
  sampleId: Number(row.sample_id),
  type: String(row.type),
  vectorBytes: Number(row.bytes),
  vector: row.vector instanceof ArrayBuffer ? new Uint8Array(row.vector) : null,
  text: text(row.embedding_source),
  contentHash: text(row.content_hash),
  model: text(row.model),
  runId: text(row.run_id),
});

/** Creates the reads for `embeddings verify`, which checks every row. */
export const createVerifyReads = (connection: StoreConnection, scope: GenerationScope) => ({
  /** Returns which tables exist. Creates and upgrades nothing. */
  async tables(): Promise<StoreTables> {
    const { rows } = await connection.read(
      'tables',
      `SELECT name FROM sqlite_master WHERE type = 'table'
        AND name IN ('sample_embeddings', 'embedding_failures', 'api_usage', 'embedding_runs')`,
    );
    const columns = await connection.read(
      'tables',
      "SELECT name FROM pragma_table_info('sample_embeddings') WHERE name = 'content_hash'",
    );
    const names = new Set(rows.map((row) => String(row.name)));
    return {
      vectors: !names.has('sample_embeddings') ? 'none' : columns.rows.length === 0 ? 'old' : 'ours',
      failures: names.has('embedding_failures'),
      ledger: names.has('api_usage') && names.has('embedding_runs'),
    };
  },

  /**
   * Returns rows with id > `after` (null: from the start), ascending: at most `limit`, fewer if they are long, at least
   * one if there is one. `bytes`: vectors of another length are not read.
   */
  async vectorPage(page: {
    after: number | null;
    limit: number;
    bytes: number;
    table: 'old' | 'ours';
  }): Promise<VectorPage> {
    const ours =
      page.table === 'ours'
        ? 'content_hash, model, run_id'
        : 'NULL AS content_hash, NULL AS model, NULL AS run_id';
    const { rows } = await scope.read('vectors', ({ vectors }) => ({
      sql: `WITH page AS (
          SELECT sample_id, vibe_vector, typeof(vibe_vector) AS type, length(CAST(vibe_vector AS BLOB)) AS bytes,
            embedding_source, ${ours}
          FROM ${vectors} WHERE sample_id > ?1 ORDER BY sample_id LIMIT ?2
        ), measured AS (
          SELECT *, SUM(?3 + COALESCE(length(CAST(embedding_source AS BLOB)), 0)) OVER (ORDER BY sample_id) AS running,
            ROW_NUMBER() OVER (ORDER BY sample_id) AS place, COUNT(*) OVER () AS found FROM page
        )
        SELECT sample_id, type, bytes, embedding_source, content_hash, model, run_id, found,
          CASE WHEN type = 'blob' AND bytes = ?3 THEN vibe_vector END AS vector
        FROM measured WHERE place = 1 OR running <= ?4 ORDER BY sample_id`,
      args: [
        integer(page.after ?? Number.MIN_SAFE_INTEGER),
        integer(page.limit),
        integer(page.bytes),
        BigInt(PAGE_BYTES),
      ],
    }));
    const found = Number(rows[0]?.found ?? 0);
    return { rows: rows.map(storedVector), last: found < page.limit && rows.length === found };
  },
});

export type VerifyReads = ReturnType<typeof createVerifyReads>;
