import type { RunProgress } from '../contract.js';
import type { Dependencies } from './dependencies.js';

/** Mirrors the run's state and totals into the store. */
export const createRecordRun =
  ({ store }: Pick<Dependencies, 'store'>) =>
  async (progress: RunProgress): Promise<void> => {
    await store.saveRun({
      runId: progress.runId,
      workflowId: progress.workflowId,
      request: JSON.stringify(progress.request),
      state: progress.state,
      reason: progress.reason,
      totals: progress.totals,
      startedAt: progress.startedAt,
    });
  };
