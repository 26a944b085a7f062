import type { Store } from '../engines/store.js';
import type { BatchCommit, CommitResult } from '../engines/types.js';

/** Returns the store with `around` called for each transaction that stores a batch, in every generation. */
export const aroundCommit = (
  store: Store,
  around: (batch: BatchCommit, commit: () => Promise<CommitResult>) => Promise<CommitResult>,
): Store => ({
  ...store,
  of: (generation) => aroundCommit(store.of(generation), around),
  commit: (batch) => around(batch, () => store.commit(batch)),
});
