import { continueAsNew, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import type { RunRequest } from '../contract/request.js';
import { requestsOf } from './fleet.js';
import type { RunMemory } from './state.js';

/** Events from which Temporal suggests continue-as-new, unless its operator has set another number. */
const SUGGESTED_AT = 4096;
/**
 * Before a continuation all batches under way finish, and little is sent meanwhile. So a run with many workers
 * continues less often: after about fifty times as many batches as may be in flight, with about four events each.
 */
const EVENTS_A_REQUEST = 200;
/** Temporal ends a workflow at 51,200 events or 50 MB. */
const MOST_EVENTS = 20_000;
const MOST_BYTES = 16_000_000;

/** Returns whether the run should finish what is under way and continue in a new execution. */
export function shouldContinue({ fleet, request }: Pick<RunMemory, 'fleet' | 'request'>): boolean {
  const info = workflowInfo();
  if (fleet === undefined) return info.continueAsNewSuggested;
  // Another build is current: its workers take over, and the old workers can be stopped.
  if (info.targetWorkerDeploymentVersionChanged) return true;
  if (!info.continueAsNewSuggested) return false;
  const enough = Math.min(MOST_EVENTS, EVENTS_A_REQUEST * requestsOf(fleet, request.concurrency));
  return info.historyLength < SUGGESTED_AT || info.historyLength >= enough || info.historySize >= MOST_BYTES;
}

/** Continues the run in a new execution on the current build. Never returns. */
export function continueRun(memory: RunMemory): Promise<never> {
  type Run = (request: RunRequest, carried?: RunMemory) => Promise<unknown>;
  if (memory.fleet === undefined) return continueAsNew<Run>(memory.request, memory);
  return makeContinueAsNewFunc<Run>({ initialVersioningBehavior: 'AUTO_UPGRADE' })(memory.request, memory);
}
