import type { BatchCommit, CommitResult } from '../types.js';
import { commitStatements, isCopyWithoutOriginal, superseded } from './commit.js';
import { errorText, isRefusal } from './errors.js';
import type { GenerationScope } from './generations/scope.js';
import { keep } from './kept.js';
import type { Leases } from './leases.js';
import { account, accountOf } from './ledger.js';
import { refusalFault } from './refusal.js';
import { settle } from './settle.js';

/** Creates the commits of batches, including the handling of those that the database refuses. */
export const createCommits = (scope: GenerationScope, leases: Leases) => ({
  async commit(batch: BatchCommit): Promise<CommitResult> {
    const writes = batch.vectors.length + batch.copies.length > 0;
    const opens = (batch.opens ?? []).map(({ requestId }) => requestId);
    const results = await leases.holding(opens, () =>
      scope
        .write('commit', (tables) => [
          ...commitStatements(tables, batch, leases.leaseMs),
          ...(writes ? [superseded(tables, batch)] : []),
          account(batch.runId, batch.batchId),
        ])
        .catch((error: unknown) => {
          if (!isRefusal(error) || isCopyWithoutOriginal(batch, errorText(error))) throw error;
          return refuse(scope, batch, error);
        })
        // Released only now: on a slow link the commit may outlast a lease, and others would buy the texts again.
        .finally(() => leases.release(batch.settlements.map(({ requestId }) => requestId))),
    );
    return {
      account: accountOf(results.at(-1)),
      superseded: writes ? (results.at(-2)?.rows ?? []).map((row) => Number(row.sample_id)) : [],
    };
  },
});

/** Records what was paid and keeps what was bought, as far as the database accepts it; then throws. */
async function refuse(scope: GenerationScope, batch: BatchCommit, error: unknown): Promise<never> {
  const kept = keep(batch);
  // The vectors are kept even if the ledger refuses the settlements.
  await scope
    .write('keep', () => [...settle(batch), ...kept])
    .catch(async (again: unknown) => {
      if (!isRefusal(again)) throw again;
      await scope.write('keep', () => kept);
    });
  throw refusalFault(error, 'then embeddings resume: what was bought is kept and is not bought again');
}
