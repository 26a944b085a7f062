import type { RunProgress } from '../contract.js';
import type { Dependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

/** Mirrors the run's state and totals into the store. */
export const createRecordRun =
  ({ store }: Pick<Dependencies, 'store'>) =>
  (progress: RunProgress): Promise<void> =>
    withHeartbeat(async () => {
      await store.saveRun({
        runId: progress.runId,
        workflowId: progress.workflowId,
        request: JSON.stringify(progress.request),
        state: progress.state,
        reason: progress.reason,
        totals: progress.totals,
        startedAt: progress.startedAt,
        sequence: 0,
      });
    });
