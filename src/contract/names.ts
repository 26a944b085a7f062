/** The names that client and worker must agree on. */

/** The collection that is there without a configuration file. */
export const BUILT_IN = 'samples';

/** The task queue of the built-in collection: its workflows, and activities that belong to no library yet. */
export const TASK_QUEUE = 'sample-embeddings';

export const taskQueueOf = (collection: string): string =>
  collection === BUILT_IN ? TASK_QUEUE : `${TASK_QUEUE}-${collection}`;

/**
 * The task queue of one store's activities. Workers over another store do not read it, so they cannot take its work.
 * `taskQueue`: the collection's.
 */
export const libraryQueueOf = (taskQueue: string, storeId: string): string => `${taskQueue}/${storeId}`;

/** Schedules of all collections share a namespace. A name has no dot of its own. */
export const scheduleIdOf = (collection: string, name: string): string =>
  collection === BUILT_IN ? name : `${collection}.${name}`;

/** `building`: the generation that is built beside the active one, by a run of its own. */
export const workflowIdOf = (collection: string, building?: number): string =>
  `embed-${collection}${building === undefined ? '' : `.g${building}`}`;

/** The generation whose build has that workflow id; null: it is that of an ordinary run. */
export function builtBy(workflowId: string): number | null {
  const number = /\.g(\d+)$/.exec(workflowId)?.[1];
  return number === undefined ? null : Number(number);
}

/** The workflow id of the built-in collection's run. */
export const WORKFLOW_ID = workflowIdOf(BUILT_IN);

export const WORKFLOW_TYPE = 'embedSamples';

/** What a schedule starts: it starts the run under its one id, or finds another under way. */
export const SCHEDULED_WORKFLOW_TYPE = 'runOnSchedule';
