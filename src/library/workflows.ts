/**
 * `sample-embeddings/workflows`: where the workflows' code lies, for a worker of your own. Importing it runs nothing.
 *
 *     Worker.create({ taskQueue: TASK_QUEUE, workflowBundle, activities: createActivities(parts) })
 *
 * A worker that has workflows of its own too bundles both: its `workflowsPath` names a file with
 * `export * from 'sample-embeddings/workflow-code'` beside its own exports.
 */
import { fileURLToPath } from 'node:url';

export { SCHEDULED_WORKFLOW_TYPE, TASK_QUEUE, WORKFLOW_ID, WORKFLOW_TYPE } from '../contract/names.js';

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** For `Worker.create`: the workflows, bundled when the package was built. */
export const workflowBundle = { codePath: pathOf('../workflow-bundle.js') } as const;

/** The same for runs with EMBEDDINGS_CODEC_KEY, whose failures are encrypted too. */
export const sealedWorkflowBundle = { codePath: pathOf('../workflow-bundle-sealed.js') } as const;
