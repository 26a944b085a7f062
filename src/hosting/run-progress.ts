import { type Client, WorkflowFailedError } from '@temporalio/client';
import { ActivityFailure, CancelledFailure, type TemporalFailure } from '@temporalio/common';
import { Messages } from '../contract/messages.js';
import { WORKFLOW_ID } from '../contract/names.js';
import { type RunProgress, zeroTotals } from '../contract/progress.js';
import type { RunRequest } from '../contract/request.js';
import type { RunRow } from '../engines/types.js';
import { Fault } from '../fault.js';

/**
 * Shorter than the workers' stickyQueueScheduleToStartTimeout (3 s). A query that outlives it is handed from a killed
 * worker to another one, with a history that ends between two workflow tasks. The SDK replays that tail ahead of its
 * task, and the commands it then sends match no later replay: the run would stand still for ever (nondeterminism).
 */
const QUERY_TIMEOUT_MS = 2000;

/** Asks the running workflow. Null when no worker answers. Throws a Fault when we cannot read the answer. */
export async function askRun(
  client: Client,
  workflowId: string,
  timeoutMs = QUERY_TIMEOUT_MS,
): Promise<RunProgress | null> {
  try {
    return await client.connection.withDeadline(Date.now() + timeoutMs, () =>
      client.workflow.getHandle(workflowId).query<RunProgress>(Messages.progress),
    );
  } catch (error) {
    if (error instanceof Fault) throw error;
    return null;
  }
}

/** Returns a run's progress from its row. `uncertainNanos`: what it may have cost besides, by the ledger. */
export const progressOfRow = (row: RunRow, uncertainNanos: number): RunProgress => ({
  runId: row.runId,
  workflowId: row.workflowId,
  state: row.state as RunProgress['state'],
  reason: row.reason,
  totals: row.totals,
  request: JSON.parse(row.request) as RunRequest,
  model: row.model ?? null,
  expected:
    row.state === 'completed' ? row.totals.selected : Math.max(row.expected ?? 0, row.totals.selected),
  planned: row.state === 'completed',
  inFlight: 0,
  window: 0,
  pacePerMinute: null,
  uncertainNanos,
  startedAt: row.startedAt,
  updatedAt: row.updatedAt,
});

/** Returns the progress of a run that ended without a result: the last known totals, the state and the message. */
export function progressOfFailure(error: unknown, last: RunProgress | null): RunProgress {
  const now = new Date().toISOString();
  const base: RunProgress = last ?? {
    runId: '',
    workflowId: WORKFLOW_ID,
    state: 'failed',
    reason: null,
    totals: zeroTotals(),
    request: { selection: { kind: 'all' } } as RunRequest,
    model: null,
    expected: 0,
    planned: false,
    inFlight: 0,
    window: 0,
    pacePerMinute: null,
    uncertainNanos: 0,
    startedAt: now,
    updatedAt: now,
  };
  const cause =
    error instanceof WorkflowFailedError ? (error.cause as TemporalFailure | undefined) : undefined;
  if (cause instanceof CancelledFailure)
    return { ...base, state: 'cancelled', reason: 'cancelled by a person' };
  const inner = cause instanceof ActivityFailure && cause.cause !== undefined ? cause.cause : cause;
  const reason = inner?.message ?? (error instanceof Error ? error.message : String(error));
  return { ...base, state: 'failed', reason, inFlight: 0 };
}

/** Returns why preflight refused the run, else null. Nothing was begun: usage or configuration is wrong. */
export const refusedByPreflight = (error: unknown): string | null => {
  const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
  return cause instanceof ActivityFailure && cause.activityType === 'preflight'
    ? (cause.cause?.message ?? cause.message)
    : null;
};
