/** The names that client and worker must agree on. */

export const TASK_QUEUE = 'sample-embeddings';

export const WORKFLOW_ID = 'embed-samples';

export const WORKFLOW_TYPE = 'embedSamples';

/** What a schedule starts: it starts the run under its one id, or finds another under way. */
export const SCHEDULED_WORKFLOW_TYPE = 'runOnSchedule';
