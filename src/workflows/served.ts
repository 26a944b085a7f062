import {
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { FailureType } from '../contract/failure.js';
import { libraryQueueOf } from '../contract/names.js';
import type { RunMemory } from './state.js';

/** Schedule-to-start timeout until the run reports that no worker reads its queue, and the longer one after that. */
const NOTICED_AFTER = '10 seconds';
const ASKED_AGAIN_AFTER = '1 minute';
/** Schedule-to-start timeout for the run's mirror: a busy worker may take long, but the run must not wait for ever. */
const MIRROR_WAITS = '2 minutes';

/** Routes the run's activities to workers that hold its library. Runs without a library keep the run's own queue. */
export const toLibrary = (memory: RunMemory): ActivityOptions => {
  const library = libraryOf(memory);
  if (library === null) return {};
  return {
    taskQueue: libraryQueueOf(workflowInfo().taskQueue, library),
    scheduleToStartTimeout: memory.unserved === undefined ? NOTICED_AFTER : ASKED_AGAIN_AFTER,
  };
};

/** Routes the writes of the mirror in the same way. `isLast`: the run has ended, so no worker is busy with it. */
export const mirrorToLibrary = (memory: RunMemory, isLast: boolean): ActivityOptions => {
  const options = toLibrary(memory);
  if (options.taskQueue === undefined) return {};
  return {
    ...options,
    scheduleToStartTimeout: isLast || memory.unserved !== undefined ? NOTICED_AFTER : MIRROR_WAITS,
  };
};

/** Returns the id of the library's store; null: the run's activities stay on its own queue. */
function libraryOf({ plan, request }: RunMemory): string | null {
  const { store = null, routed = false } = (plan === null ? request.library : plan.library) ?? {};
  return routed ? store : null;
}

/**
 * Returns whether no suitable worker ran the activity, so that it counts as not tried: no worker reads the queue, or a
 * worker of another library took it. Sets `memory.unserved` to the reason.
 */
export function wasUnserved(memory: RunMemory, error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START') {
    const library = libraryOf(memory);
    if (library === null) return false;
    memory.unserved =
      `no worker over this run’s store (id ${library}) is up: start one with its TURSO_DATABASE_URL and DATABASE_URL ` +
      '(embeddings worker); the run goes on by itself then';
    return true;
  }
  if (cause instanceof ApplicationFailure && cause.type === FailureType.WrongWorker) {
    memory.unserved = cause.message;
    return true;
  }
  served(memory);
  return false;
}

/** Notes that a worker of the library has answered. */
export function served(memory: RunMemory): void {
  delete memory.unserved;
}
