import type { RunPlan } from '../contract/plan.js';
import type { Store } from '../engines/store.js';
import type { BatchAccount, BatchCommit, CommitResult } from '../engines/types.js';
import type { BatchClock } from './batch-times.js';
import { persistently } from './persist.js';

export type Change = Partial<Omit<BatchCommit, 'runId' | 'batchId' | 'model' | 'runStartedAt' | 'fence'>>;

/**
 * Keeps this process's commits that the store did not accept: their vectors are paid for. The next activity of the same
 * batch writes them before it does anything else.
 */
export function createUnsaved() {
  const waiting = new Map<string, BatchCommit[]>();
  const key = ({ runId, batchId }: Pick<BatchCommit, 'runId' | 'batchId'>): string => `${runId} ${batchId}`;
  return {
    keep(commit: BatchCommit): void {
      if (!isPaid(commit)) return;
      waiting.set(key(commit), [...(waiting.get(key(commit)) ?? []), commit]);
    },
    async save(
      store: Pick<Store, 'commit'>,
      batch: Pick<BatchCommit, 'runId' | 'batchId'>,
      signal: AbortSignal,
    ): Promise<void> {
      for (
        const commits = waiting.get(key(batch));
        commits !== undefined && commits.length > 0;
        commits.shift()
      )
        await persistently(
          () => store.commit(commits[0] as BatchCommit),
          () => !signal.aborted,
        );
      waiting.delete(key(batch));
      // Runs do not overlap: samples that an earlier run could not store are bought by this run if still wanted.
      for (const name of waiting.keys()) if (!name.startsWith(`${batch.runId} `)) waiting.delete(name);
    },
  };
}

const isPaid = ({ vectors, settlements }: Pick<BatchCommit, 'vectors' | 'settlements'>): boolean =>
  vectors.length + settlements.length > 0;

export type Unsaved = ReturnType<typeof createUnsaved>;

/** Creates the writer of one batch: each change is one transaction under the fencing token of its claim. */
export function createBatchWriter(
  store: Store,
  {
    plan,
    batchId,
    unsaved,
    clock,
    signal,
  }: {
    plan: RunPlan;
    batchId: string;
    unsaved: Unsaved;
    clock: Pick<BatchClock, 'time'>;
    signal?: AbortSignal;
  },
) {
  let fence: number | null = null;
  /** The account from the newest commit; null: nothing was committed, or the ledger has changed since. */
  let account: BatchAccount | null = null;
  return {
    /** Sets the fencing token for all later writes. */
    underFence(token: number): void {
      fence = token;
    },
    forgetAccount(): void {
      account = null;
    },
    account: async (): Promise<BatchAccount> => account ?? (await store.accountBatch(plan.runId, batchId)),
    async write(change: Change): Promise<CommitResult> {
      fence ??= await store.fence();
      const whole: BatchCommit = {
        runId: plan.runId,
        batchId,
        model: plan.model,
        runStartedAt: plan.startedAt,
        fence,
        vectors: [],
        copies: [],
        failures: [],
        settlements: [],
        notedDelta: 0,
        ...change,
      };
      try {
        const mayWait = (): boolean => isPaid(whole) && signal?.aborted !== true;
        const result = await clock.time('store', () => persistently(() => store.commit(whole), mayWait));
        account = result.account;
        return result;
      } catch (error) {
        unsaved.keep(whole);
        throw error;
      }
    },
  };
}

export type BatchWriter = ReturnType<typeof createBatchWriter>;
