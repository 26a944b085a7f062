import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { isRunRequest, type RunRequest } from '../contract/request.js';
import { Fault } from '../fault.js';
import { decodePayload } from './decode-payload.js';

export interface DescribedRun {
  open: boolean;
  /** It is over and has failed: preflight refused it, or it must not wait and was blocked. */
  failed: boolean;
  /** How it ended, in the words of a run's states; null: it is open. */
  ended: 'completed' | 'failed' | 'cancelled' | null;
  /** A person has asked it to end, and no worker has taken note yet. */
  cancelling: boolean;
  /** ISO time, of its first execution as far as it is known. */
  startedAt: string | null;
  /** Id of the run's first execution. */
  runId: string;
  /**
   * From its memo or its input, so no worker is needed to know it; null when it is over and was encrypted with another
   * key, and where its input is no request.
   */
  request: RunRequest | null;
}

/**
 * The run under way, or the last one; null: Temporal knows of none. A Fault when a run is under way that was encrypted
 * with another key: one that is over must not stand in the way of the next.
 */
export async function describeRun(client: Client, workflowId: string): Promise<DescribedRun | null> {
  try {
    const { status, raw, runId, memo, startTime } = await client.workflow.getHandle(workflowId).describe();
    const open = status.name === 'RUNNING';
    return {
      open,
      failed: status.name === 'FAILED',
      ended: open ? null : (ENDS[status.name] ?? 'cancelled'),
      cancelling: open && raw.workflowExtendedInfo?.cancelRequested === true,
      startedAt: startTime.toISOString(),
      runId: raw.workflowExecutionInfo?.firstRunId || runId,
      request:
        (memo?.request as RunRequest | undefined) ?? (open ? await inputOf(client, workflowId, runId) : null),
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    if (!(error instanceof Fault) || (await isOpen(client, workflowId))) throw error;
    return {
      ...{ open: false, failed: false, ended: null, cancelling: false, startedAt: null },
      ...{ runId: '', request: null },
    };
  }
}

/** Ends of a workflow that are no cancellation. */
const ENDS: Partial<Record<string, 'completed' | 'failed'>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
};

/** Without looking into any payload. */
async function isOpen(client: Client, workflowId: string): Promise<boolean> {
  const { workflowExecutionInfo } = await client.workflowService.describeWorkflowExecution({
    namespace: client.options.namespace,
    execution: { workflowId },
  });
  return workflowExecutionInfo?.closeTime == null;
}

/** The request that an execution was started with, by hand for example: such a run has no memo. */
async function inputOf(client: Client, workflowId: string, runId: string): Promise<RunRequest | null> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const [start] = history?.events ?? [];
  const first = start?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  const input = first ? await decodePayload(client, first) : null;
  return isRunRequest(input) ? input : null;
}
