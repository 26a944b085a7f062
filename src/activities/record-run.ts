import type { RunBooks, RunRecord } from '../contract/progress.js';
import type { Dependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

/** Mirrors the run's state and counts into the store; answers with what the store holds of the run. */
export const createRecordRun =
  ({ store }: Pick<Dependencies, 'store'>) =>
  (progress: RunRecord): Promise<RunBooks> =>
    withHeartbeat(() =>
      store.saveRun({
        runId: progress.runId,
        workflowId: progress.workflowId,
        request: JSON.stringify(progress.request),
        state: progress.state,
        reason: progress.reason,
        totals: progress.totals,
        expected: progress.expected,
        startedAt: progress.startedAt,
        sequence: progress.sequence ?? 0,
      }),
    );
