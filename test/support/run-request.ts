import type { RunRequest } from '../../src/contract/request.js';

/** Returns the run request of `embeddings --all` without settings. */
export const runRequest = (change: Partial<RunRequest> = {}): RunRequest => ({
  selection: { kind: 'all' },
  reset: false,
  batchSize: 100,
  maxRetries: 3,
  concurrency: 8,
  maxCostNanos: null,
  onBlocked: 'wait',
  ...change,
});
