import { continueAsNew, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import type { RunRequest } from '../contract/request.js';
import { requestsOf } from './fleet.js';
import type { RunMemory } from './state.js';

/** Temporal suggests to continue at so many events, unless its operator has set another number. */
const SUGGESTED_AT = 4096;
/**
 * Before a continuation all that is under way finishes, during which little is sent. So a run of many workers continues
 * less often: after about fifty times as many batches as may be in flight, of some four events each.
 */
const EVENTS_A_REQUEST = 200;
/** Temporal ends a workflow at 51,200 events or 50 MB. */
const MOST_EVENTS = 20_000;
const MOST_BYTES = 16_000_000;

/** Whether the run should let what is under way finish, and go on in a new execution. */
export function shouldContinue({ fleet, request }: Pick<RunMemory, 'fleet' | 'request'>): boolean {
  const info = workflowInfo();
  if (fleet === undefined) return info.continueAsNewSuggested;
  // Another build is the current one: its workers take over, and the old ones can be stopped.
  if (info.targetWorkerDeploymentVersionChanged) return true;
  if (!info.continueAsNewSuggested) return false;
  const enough = Math.min(MOST_EVENTS, EVENTS_A_REQUEST * requestsOf(fleet, request.concurrency));
  return info.historyLength < SUGGESTED_AT || info.historyLength >= enough || info.historySize >= MOST_BYTES;
}

/** Goes on in a new execution, on the build that is current then. Never returns. */
export function continueRun(memory: RunMemory): Promise<never> {
  type Run = (request: RunRequest, carried?: RunMemory) => Promise<unknown>;
  if (memory.fleet === undefined) return continueAsNew<Run>(memory.request, memory);
  return makeContinueAsNewFunc<Run>({ initialVersioningBehavior: 'AUTO_UPGRADE' })(memory.request, memory);
}
