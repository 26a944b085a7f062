import type { EmbedBatchInput } from '../../src/contract/activities.js';
import type { RunPlan } from '../../src/contract/plan.js';

/** Returns the plan of a run over `samples` samples in one batch. */
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

/** Returns the input of `embedBatch` for that batch, without its ids. */
export const batchOf = (samples: number): Omit<EmbedBatchInput, 'ids'> => ({
  plan: planOf(samples),
  batchId: 'b1',
  concurrency: 4,
  reservedNanos: null,
});
