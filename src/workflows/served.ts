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

/** So long work lies in a queue before the run says that nobody reads it; then it is asked less often. */
const NOTICED_AFTER = '10 seconds';
const ASKED_AGAIN_AFTER = '1 minute';
/** Of the run's mirror: a busy worker may take long, but nothing must hang on it. */
const MIRROR_WAITS = '2 minutes';

/** Where the run's activities go: to workers that hold its library. Runs without one go where they always went. */
export const toLibrary = (memory: RunMemory): ActivityOptions => {
  const library = libraryOf(memory);
  if (library === null) return {};
  return {
    taskQueue: libraryQueueOf(workflowInfo().taskQueue, library),
    scheduleToStartTimeout: memory.unserved === undefined ? NOTICED_AFTER : ASKED_AGAIN_AFTER,
  };
};

/** The same for what is only shown. `isLast`: the run has ended, so that no worker is busy with it. */
export const mirrorToLibrary = (memory: RunMemory, isLast: boolean): ActivityOptions => {
  const options = toLibrary(memory);
  if (options.taskQueue === undefined) return {};
  return {
    ...options,
    scheduleToStartTimeout: isLast || memory.unserved !== undefined ? NOTICED_AFTER : MIRROR_WAITS,
  };
};

/** Null: the run's work stays on its own queue. */
function libraryOf({ plan, request }: RunMemory): string | null {
  const { store = null, routed = false } = (plan === null ? request.library : plan.library) ?? {};
  return routed ? store : null;
}

/**
 * Whether nobody did the work, so that it counts as not tried: no worker reads the queue, or one that holds another
 * library took it. What the run says of it is noted.
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

/** A worker of the library has answered. */
export function served(memory: RunMemory): void {
  delete memory.unserved;
}
