import type { StoreConnection } from './connection.js';

/** All that is stored of one sample, its vector left out. */
export interface StoredSample {
  /** UTC, as the database wrote it. */
  storedAt: string | null;
  model: string | null;
  vectorBytes: number;
  contentHash: string | null;
  text: string | null;
  runId: string | null;
}

/** Reads for `embeddings explain`. */
export interface SampleReads {
  storedSample(sampleId: number): Promise<StoredSample | null>;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const createSampleReads = (connection: StoreConnection): SampleReads => ({
  async storedSample(sampleId) {
    const { rows } = await connection.read('sample', {
      sql: `SELECT created_at, model, length(vibe_vector) AS bytes, content_hash, embedding_source, run_id
        FROM sample_embeddings WHERE sample_id = ?`,
      args: [BigInt(sampleId)],
    });
    const [row] = rows;
    if (row === undefined) return null;
    return {
      storedAt: text(row.created_at),
      model: text(row.model),
      vectorBytes: Number(row.bytes),
      contentHash: text(row.content_hash),
      text: text(row.embedding_source),
      runId: text(row.run_id),
    };
  },
});
