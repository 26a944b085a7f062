import type { EmbedBatchInput } from '../../src/contract/activities.js';
import type { RunPlan } from '../../src/contract/plan.js';

/** The plan of a run over so many samples, which are one batch. */
export const planOf = (samples: number): RunPlan => ({
  runId: 'run-1',
  startedAt: '2026-01-01T00:00:00.000Z',
  model: 'openai/text-embedding-3-small',
  dimensions: 1536,
  nanosPerToken: 20,
  batchSize: samples,
  reset: false,
  expected: samples,
});

/** That batch as `embedBatch` is given it, but for its ids. */
export const batchOf = (samples: number): Omit<EmbedBatchInput, 'ids'> => ({
  plan: planOf(samples),
  batchId: 'b1',
  concurrency: 4,
  reservedNanos: null,
});
