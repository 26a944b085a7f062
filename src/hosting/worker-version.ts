import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';
import type { Settings } from '../config.js';
import { usageFault } from '../fault.js';

/** What our workers are called together in Temporal's worker versioning. */
const DEPLOYMENT = 'sample-embeddings';

const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;
/** A version exists once a worker of it has polled, which takes a moment. */
const APPEARS_WITHIN_MS = 30_000;

/** How a worker of this build tells Temporal so; nothing without a build id. */
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
          // Pinned: a run ends, continued as new or not, on the build it began on, whatever a release changes.
          defaultVersioningBehavior: versioning === 'pinned' ? 'PINNED' : 'AUTO_UPGRADE',
        },
      };

/** The build that new runs go to; null: to workers without a build id. Throws where Temporal has no such concept. */
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
 * From now on new runs go to this build, whose worker must be polling; runs under way stay where they are pinned.
 * A usage Fault where Temporal refuses it.
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
