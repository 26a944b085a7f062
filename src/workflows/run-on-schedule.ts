import { type SearchAttributePair, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  ChildWorkflowFailure,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { FailureType } from '../contract/failure.js';
import { WORKFLOW_ID, WORKFLOW_TYPE } from '../contract/names.js';
import type { RunRequest } from '../contract/request.js';
import type { ScheduledOutcome, ScheduledRun } from '../contract/schedule.js';
import type { embedSamples } from './embed-samples.js';

/**
 * Starts a scheduled run as a child workflow. Temporal appends a time to the id of each workflow that a schedule
 * starts. So this workflow has that id, and its child has the one id that all runs share. If a run is under way,
 * Temporal refuses the child, and the firing is skipped. This workflow stays open until its run ends, so that the
 * schedule knows of it.
 *
 * @returns the outcome of the run. Fails with the run's own message when the run fails.
 */
export async function runOnSchedule({
  schedule,
  request,
  workflowId = WORKFLOW_ID,
  ...shown
}: ScheduledRun): Promise<ScheduledOutcome> {
  const asked: RunRequest = { ...request, scheduledBy: { schedule, firing: workflowInfo().runId } };
  const run = await startRun(asked, workflowId, shown);
  if (run === null)
    return { outcome: 'skipped', runId: null, reason: 'another run was under way', totals: null };
  try {
    const { runId, totals } = await run.result();
    return { outcome: 'completed', runId, reason: null, totals };
  } catch (error) {
    // This workflow was cancelled, and the run with it.
    if (CancellationScope.current().consideredCancelled) throw error;
    const cause = error instanceof ChildWorkflowFailure ? error.cause : error;
    if (cause instanceof CancelledFailure)
      return {
        outcome: 'cancelled',
        runId: run.firstExecutionRunId,
        reason: 'cancelled by a person',
        totals: null,
      };
    throw ApplicationFailure.nonRetryable(sentenceOf(cause), FailureType.Blocked);
  }
}

/** Starts the run. Returns null when another run is under way. */
async function startRun(
  request: RunRequest,
  workflowId: string,
  shown: Omit<ScheduledRun, 'schedule' | 'request' | 'workflowId'>,
) {
  try {
    return await startChild<typeof embedSamples>(WORKFLOW_TYPE, {
      workflowId,
      args: [request],
      memo: { request },
      staticSummary: shown.summary,
      staticDetails: shown.details,
      // Schedules of earlier versions have none.
      ...(shown.attributes?.length && { typedSearchAttributes: shown.attributes as SearchAttributePair[] }),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      // The run continues when this workflow ends, like a run that a person started.
      parentClosePolicy: 'ABANDON',
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}

/** Returns the innermost message: the cause, not the errors that wrap it. */
function sentenceOf(error: unknown): string {
  let sentence = String(error);
  for (let at = error; at instanceof Error; at = at.cause) sentence = at.message;
  return sentence;
}
