import type { RunMoney, RunRecord } from '../contract.js';
import type { Dependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

/** Mirrors the run's state and counts into the store; answers with the run's money, as the ledger has it. */
export const createRecordRun =
  ({ store }: Pick<Dependencies, 'store'>) =>
  (progress: RunRecord): Promise<RunMoney> =>
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
