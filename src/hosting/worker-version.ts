import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';
import type { Settings } from '../config.js';
import { usageFault } from '../fault.js';

/** The name of our workers in Temporal's worker versioning. */
const DEPLOYMENT = 'sample-embeddings';

const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;
/** A version exists once a worker of it has polled, which takes a moment. */
const APPEARS_WITHIN_MS = 30_000;

/** Returns the options that tell Temporal this worker's build; none without a build id. */
export const versionOptions = (
  buildId: string | null,
  versioning: Settings['versioning'],
): Pick<WorkerOptions, 'workerDeploymentOptions'> =>
  buildId === null
    ? {}
    : {
        workerDeploymentOptions: {
          version: { deploymentName: DEPLOYMENT, buildId },
          useWorkerVersioning: true,
          // Pinned: a run, continued as new or not, ends on the build it began on, whatever a release changes.
          defaultVersioningBehavior: versioning === 'pinned' ? 'PINNED' : 'AUTO_UPGRADE',
        },
      };

/** Returns the build for new runs; null: workers without a build id. Throws when Temporal has no versioning. */
export async function currentBuild(client: Client): Promise<string | null> {
  try {
    const { workerDeploymentInfo } = await client.workflowService.describeWorkerDeployment({
      namespace: client.options.namespace,
      deploymentName: DEPLOYMENT,
    });
    return workerDeploymentInfo?.routingConfig?.currentDeploymentVersion?.buildId || null;
  } catch (error) {
    if (codeOf(error) === NOT_FOUND) return null;
    throw error;
  }
}

/**
 * Sends new runs to this build, whose worker must be polling. Runs under way stay where they are pinned. Throws a usage
 * Fault when Temporal refuses.
 */
export async function makeCurrent(client: Client, buildId: string): Promise<void> {
  const until = performance.now() + APPEARS_WITHIN_MS;
  for (;;) {
    try {
      await client.workflowService.setWorkerDeploymentCurrentVersion({
        namespace: client.options.namespace,
        deploymentName: DEPLOYMENT,
        buildId,
        identity: `${process.pid}@${DEPLOYMENT}`,
      });
      return;
    } catch (error) {
      const notYet = [NOT_FOUND, FAILED_PRECONDITION].includes(codeOf(error));
      if (!notYet || performance.now() > until)
        throw usageFault(
          `--make-current: Temporal did not make build ${buildId} the current one (${sentenceOf(error)})`,
          error,
        );
    }
    await delay(250);
  }
}

const codeOf = (error: unknown): number => Number((error as { code?: unknown } | null)?.code ?? Number.NaN);
const sentenceOf = (error: unknown): string => {
  const { details, message } = error as { details?: string; message?: string };
  return details || message || String(error);
};
