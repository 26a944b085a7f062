/**
 * `sample-embeddings/workflows`: the path of the workflows' code, for your own worker. Importing it runs nothing.
 *
 *     Worker.create({ taskQueue: TASK_QUEUE, workflowBundle, activities: createActivities(parts) })
 *
 * A worker with additional workflows bundles both: its `workflowsPath` names a file that has
 * `export * from 'sample-embeddings/workflow-code'` and its own exports.
 */
import { fileURLToPath } from 'node:url';

export { SCHEDULED_WORKFLOW_TYPE, TASK_QUEUE, WORKFLOW_ID, WORKFLOW_TYPE } from '../contract/names.js';

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** For `Worker.create`: the workflows, bundled when the package was built. */
export const workflowBundle = { codePath: pathOf('../workflow-bundle.js') } as const;

/** The same for runs with EMBEDDINGS_CODEC_KEY, whose failures are encrypted too. */
export const sealedWorkflowBundle = { codePath: pathOf('../workflow-bundle-sealed.js') } as const;
