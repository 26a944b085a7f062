import type { GenerationScope } from './generations/scope.js';

/** Everything stored of one sample, except its vector. */
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

export const createSampleReads = (scope: GenerationScope): SampleReads => ({
  async storedSample(sampleId) {
    const { rows } = await scope.read('sample', ({ vectors }) => ({
      sql: `SELECT created_at, model, length(vibe_vector) AS bytes, content_hash, embedding_source, run_id
        FROM ${vectors} WHERE sample_id = ?`,
      args: [BigInt(sampleId)],
    }));
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
