import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { startChild, workflowInfo } from '@temporalio/workflow';
import { ofGeneration } from '../contract/form-mark.js';
import { WORKFLOW_TYPE } from '../contract/names.js';
import type { RunRequest } from '../contract/request.js';
import type { RunMemory } from './state.js';

/**
 * A run of all samples has completed: the generations that are being built beside the active one are brought up to date
 * too, each by a run of its own, which this one does not wait for. One that is under way goes on as it is. In one-command
 * mode the command itself sees to it, since no worker is left when it ends.
 */
export async function followBuilds({ request, plan, building = [] }: RunMemory): Promise<void> {
  if (plan?.library?.routed !== true || request.generation !== undefined) return;
  for (const generation of building) {
    const asked: RunRequest = {
      ...request,
      generation,
      // Nobody waits for it.
      onBlocked: 'fail',
      library: ofGeneration(plan.library, generation),
    };
    try {
      await startChild(WORKFLOW_TYPE, {
        workflowId: `${workflowInfo().workflowId}.g${generation}`,
        args: [asked],
        memo: { request: asked },
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        parentClosePolicy: 'ABANDON',
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
}
