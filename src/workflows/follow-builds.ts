import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, startChild, workflowInfo } from '@temporalio/workflow';
import { ofGeneration } from '../contract/form-mark.js';
import { WORKFLOW_TYPE } from '../contract/names.js';
import type { RunRequest } from '../contract/request.js';
import { planAgainSignal } from './messages.js';
import type { RunMemory } from './state.js';

/** Most tries: a build's run may end, and another may begin, between starting and signalling. */
const TRIES = 3;

/**
 * Updates the generations that are being built beside the active one, after a run of all samples has completed. Each
 * gets a run of its own, which this run does not wait for. If such a run is under way already, it plans its samples
 * again when it is done. In one-command mode the command itself does this, since no worker is left when it ends.
 */
export async function followBuilds({ request, plan, building = [] }: RunMemory): Promise<void> {
  const staysUp = plan?.library?.routed === true || request.scheduledBy !== undefined;
  if (!staysUp || request.generation !== undefined) return;
  for (const generation of building) {
    const asked: RunRequest = {
      ...request,
      generation,
      // No caller waits for this run.
      onBlocked: 'fail',
      ...(plan?.library !== undefined && { library: ofGeneration(plan.library, generation) }),
    };
    await startOrTell(`${workflowInfo().workflowId}.g${generation}`, asked);
  }
}

async function startOrTell(workflowId: string, asked: RunRequest): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await startChild(WORKFLOW_TYPE, {
        ...{ workflowId, args: [asked], memo: { request: asked } },
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        parentClosePolicy: 'ABANDON',
      });
      return;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    const told = await getExternalWorkflowHandle(workflowId)
      .signal(planAgainSignal)
      .then(
        () => true,
        // The other run has just ended.
        () => false,
      );
    if (told || tries === TRIES) return;
  }
}
