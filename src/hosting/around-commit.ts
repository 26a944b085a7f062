import type { Store } from '../engines/store.js';
import type { BatchCommit, CommitResult } from '../engines/types.js';

/** The same store, of every generation, with `around` about each of its transactions that store a batch. */
export const aroundCommit = (
  store: Store,
  around: (batch: BatchCommit, commit: () => Promise<CommitResult>) => Promise<CommitResult>,
): Store => ({
  ...store,
  of: (generation) => aroundCommit(store.of(generation), around),
  commit: (batch) => around(batch, () => store.commit(batch)),
});
