import type { StoredCount } from '../contract/activities.js';
import type { RunPlan } from '../contract/plan.js';
import type { Dependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

/** Creates the activity that counts the stored vectors before a run completes. */
export const createCountStored =
  ({ store }: Pick<Dependencies, 'store'>) =>
  ({ plan }: { plan: RunPlan }): Promise<StoredCount> =>
    withHeartbeat(() => store.of(plan.generation?.number ?? 1).countStored(plan.runId));
