import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { isRunRequest, type RunRequest } from '../contract/request.js';
import { Fault } from '../fault.js';
import { decodePayload } from './decode-payload.js';

export interface DescribedRun {
  open: boolean;
  /** The run is over and has failed: preflight refused it, or it was blocked and must not wait. */
  failed: boolean;
  /** How the run ended, as a run's state. Null while it is open. */
  ended: 'completed' | 'failed' | 'cancelled' | null;
  /** A person has asked to cancel the run, and no worker has processed that yet. */
  cancelling: boolean;
  /** When its latest execution started, as an ISO time. Null when the run cannot be decrypted. */
  startedAt: string | null;
  /** Id of the run's first execution. */
  runId: string;
  /**
   * Read from the memo or the input, so no worker is needed. Null when the run is over and was encrypted with another
   * key, and when its input is no request.
   */
  request: RunRequest | null;
}

/**
 * Returns the run under way, or the last one; null when Temporal knows of none. Throws a Fault when the run under way
 * was encrypted with another key. A run that is over never throws, as it must not prevent the next one.
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

/** How a closed workflow's status maps to a run's end. Any other status counts as cancelled. */
const ENDS: Partial<Record<string, 'completed' | 'failed'>> = {
  COMPLETED: 'completed',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
};

/** Returns whether the run is open, without decoding any payload. */
async function isOpen(client: Client, workflowId: string): Promise<boolean> {
  const { workflowExecutionInfo } = await client.workflowService.describeWorkflowExecution({
    namespace: client.options.namespace,
    execution: { workflowId },
  });
  return workflowExecutionInfo?.closeTime == null;
}

/** Reads the request from an execution's input. A run that was started by hand, for example, has no memo. */
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
