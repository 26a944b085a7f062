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
 * What a schedule starts. Temporal puts a time behind the id of whatever a schedule starts, so this one takes that id
 * and starts the run as its child under the one id that all runs share: where one is under way, Temporal refuses the
 * second, and the firing is skipped. It stays open as long as its run, so that the schedule knows of it.
 *
 * @returns what became of it; fails, with the run's own sentence, where the run fails.
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
    // It was this workflow that was cancelled, and the run with it.
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

/** Null: a run is under way, whoever started it. */
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
      // Whatever becomes of this workflow, its run goes on as one that a person started.
      parentClosePolicy: 'ABANDON',
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}

/** The innermost sentence: what failed, not the layers it came through. */
function sentenceOf(error: unknown): string {
  let sentence = String(error);
  for (let at = error; at instanceof Error; at = at.cause) sentence = at.message;
  return sentence;
}
