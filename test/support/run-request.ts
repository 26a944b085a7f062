import type { RunRequest } from '../../src/contract/request.js';

/** What `embeddings --all` asks for without settings. */
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
