import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, startChild, workflowInfo } from '@temporalio/workflow';
import { ofGeneration } from '../contract/form-mark.js';
import { WORKFLOW_TYPE } from '../contract/names.js';
import type { RunRequest } from '../contract/request.js';
import { planAgainSignal } from './messages.js';
import type { RunMemory } from './state.js';

/** A build may end, and another begin, while it is told. */
const TRIES = 3;

/**
 * A run of all samples has completed: the generations that are being built beside the active one are brought up to date
 * too, each by a run of its own, which this one does not wait for. One that is under way plans its samples again when it is
 * through with them. In one-command mode the command itself sees to it, since no worker is left when it ends.
 */
export async function followBuilds({ request, plan, building = [] }: RunMemory): Promise<void> {
  const staysUp = plan?.library?.routed === true || request.scheduledBy !== undefined;
  if (!staysUp || request.generation !== undefined) return;
  for (const generation of building) {
    const asked: RunRequest = {
      ...request,
      generation,
      // Nobody waits for it.
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
        // It ended at this moment.
        () => false,
      );
    if (told || tries === TRIES) return;
  }
}
