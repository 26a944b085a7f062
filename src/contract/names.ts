/** The names that client and worker must agree on. */

/** The collection that exists without a configuration file. */
export const BUILT_IN = 'samples';

/** The task queue of the built-in collection: its workflows, and activities that belong to no library yet. */
export const TASK_QUEUE = 'sample-embeddings';

export const taskQueueOf = (collection: string): string =>
  collection === BUILT_IN ? TASK_QUEUE : `${TASK_QUEUE}-${collection}`;

/**
 * Returns the task queue of one store's activities. Workers of another store do not poll it, so they cannot take its
 * work. `taskQueue`: the collection's.
 */
export const libraryQueueOf = (taskQueue: string, storeId: string): string => `${taskQueue}/${storeId}`;

/** Returns a schedule's id: schedules of all collections share a namespace. A name contains no dot. */
export const scheduleIdOf = (collection: string, name: string): string =>
  collection === BUILT_IN ? name : `${collection}.${name}`;

/** Returns the id of a collection's run. `building`: the generation that a separate run builds. */
export const workflowIdOf = (collection: string, building?: number): string =>
  `embed-${collection}${building === undefined ? '' : `.g${building}`}`;

/** Returns the generation whose build has that workflow id; null: an ordinary run has it. */
export function builtBy(workflowId: string): number | null {
  const number = /\.g(\d+)$/.exec(workflowId)?.[1];
  return number === undefined ? null : Number(number);
}

/** The workflow id of the built-in collection's run. */
export const WORKFLOW_ID = workflowIdOf(BUILT_IN);

export const WORKFLOW_TYPE = 'embedSamples';

/** The workflow that a schedule starts. It starts the run under its one id, or finds another in progress. */
export const SCHEDULED_WORKFLOW_TYPE = 'runOnSchedule';
