import { zeroTotals } from '../../src/contract/progress.js';
import type { Attempt, BatchCommit, RunRow, VectorRow } from '../../src/engines/types.js';

export const MODEL = 'openai/text-embedding-3-small';
export const EARLY = '2026-11-23T01:00:00.000Z';
export const LATE = '2026-11-23T02:00:00.000Z';

export const vector = (fill: number, dimensions = 4): Uint8Array => {
  const floats = new Float32Array(dimensions).fill(fill);
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
};

export const row = (sampleId: number, hash = `h${sampleId}`, fill = sampleId): VectorRow => ({
  sampleId,
  text: `Title: ${sampleId}`,
  contentHash: hash,
  vector: vector(fill),
});

export const attempt = (requestId: string, change: Partial<Attempt> = {}): Attempt => ({
  requestId,
  runId: 'run-1',
  batchId: 'b1',
  model: MODEL,
  operation: 'embeddings',
  boundNanos: 5000,
  hashes: [],
  ...change,
});

export const batch = (change: Partial<BatchCommit> = {}): BatchCommit => ({
  runId: 'run-1',
  batchId: 'b1',
  model: MODEL,
  runStartedAt: EARLY,
  fence: 0,
  vectors: [],
  copies: [],
  failures: [],
  settlements: [],
  notedDelta: 0,
  ...change,
});

export const failure = (sampleId: number, message = 'too long') => ({
  sampleId,
  reason: 'Rejected',
  message,
  contentHash: `h${sampleId}`,
  permanent: true,
  attempts: 1,
});

export const run = (
  change: Partial<RunRow> & { sequence?: number } = {},
): Omit<RunRow, 'updatedAt'> & { sequence: number } => ({
  runId: 'run-1',
  workflowId: 'embed-samples',
  request: '{}',
  state: 'running',
  reason: null,
  totals: zeroTotals(),
  startedAt: EARLY,
  sequence: 0,
  ...change,
});
