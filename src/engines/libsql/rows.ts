import type { InValue, Row } from '@libsql/client';
import type { FailureRow, RunRow, StoredRow } from '../types.js';

/** Converts ids and counts to integers: a JS number would be bound as a float. */
export const integer = (value: number | null): bigint | null => (value === null ? null : BigInt(value));

/** Returns the numbers of an IN clause as literals: BigInt has checked them, and literals use no bound values. */
export const idList = (ids: readonly number[]): string => ids.map((id) => BigInt(id).toString()).join(',');

const text = (value: InValue | undefined): string | null => (typeof value === 'string' ? value : null);

export const storedRow = (row: Row): StoredRow => ({
  sampleId: Number(row.sample_id),
  contentHash: text(row.content_hash as InValue),
  runId: text(row.run_id as InValue),
  vectorBytes: Number(row.vector_bytes),
  source: text(row.source as InValue),
});

/** The text is read only where there is no hash to compare. */
export const STORED_COLUMNS = `sample_id, content_hash, run_id, length(vibe_vector) AS vector_bytes,
  CASE WHEN content_hash IS NULL THEN embedding_source END AS source`;

export const failureRow = (row: Row): FailureRow => ({
  sampleId: Number(row.sample_id),
  reason: String(row.reason),
  message: String(row.message),
  contentHash: text(row.content_hash as InValue),
  permanent: Number(row.permanent) === 1,
  attempts: Number(row.attempts),
  runId: String(row.run_id),
  failedAt: String(row.failed_at),
});

export const runRow = (row: Row): RunRow => {
  const [requests, tokens, costNanos, unpriced] = (JSON.parse(String(row.money)) as unknown[]).map(Number);
  return {
    runId: String(row.run_id),
    workflowId: String(row.workflow_id),
    request: String(row.request),
    model: text(row.model as InValue),
    state: String(row.state),
    reason: text(row.reason as InValue),
    totals: {
      selected: Number(row.selected),
      stored: Number(row.stored),
      unchanged: Number(row.unchanged),
      failed: Number(row.failed),
      copied: Number(row.copied),
      noted: Number(row.noted),
      requests: requests ?? 0,
      tokens: tokens ?? 0,
      costNanos: costNanos ?? 0,
      lastProcessedId: row.last_processed_id === null ? null : Number(row.last_processed_id),
      ...((unpriced ?? 0) > 0 && { unpriced }),
      ...(Number(row.pruned ?? 0) > 0 && { pruned: Number(row.pruned) }),
    },
    expected: row.expected == null ? null : Number(row.expected),
    generation: row.generation == null ? null : Number(row.generation),
    startedAt: String(row.started_at),
    updatedAt: String(row.updated_at),
  };
};

/** Splits the items into lists of `size`; the last may be shorter. */
export const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
