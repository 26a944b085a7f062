import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { Settings } from '../config.js';
import {
  type GoOnOptions,
  Messages,
  type RunRequest,
  sameRequest,
  WORKFLOW_ID,
  WORKFLOW_TYPE,
} from '../contract.js';
import { usageFault } from '../fault.js';
import { describeRun } from './describe-run.js';
import { describeSelection } from './describe-selection.js';
import { Grpc, grpcCode } from './grpc-code.js';
import { initialAttributes, withoutAttributes } from './search-attributes.js';
import { startOptions } from './start-options.js';

export interface JoinedRun {
  handle: WorkflowHandle;
  /** Id of the run's first execution. */
  runId: string;
  request: RunRequest;
  /** `started` anew, `joined` one under way, `resumed` one that was blocked or paused. */
  how: 'started' | 'joined' | 'resumed';
}

interface Wish {
  /** Null: `--resume`. */
  request: RunRequest | null;
  fallback: RunRequest;
  maxCostNanos: number | null;
}

/**
 * Starts the run, or joins the one under way when it is the same request; another one is a Fault that says what is
 * running and how to stop it. `--resume` goes on with the open run, or asks for the last one again. `say` is told, once,
 * where the run must do without search attributes.
 */
export async function joinRun(
  client: Client,
  wish: Wish,
  settings: Settings,
  say: (line: string) => void,
): Promise<JoinedRun> {
  const open = await openRun(client);
  if (open !== null && (wish.request === null || sameRequest(open.request, wish.request))) {
    // Asking again means that a blocked run should go on; a pause is a person's, so only --resume ends it. A signal,
    // not an update: in one-command mode the worker that would accept an update may still be starting.
    const options: GoOnOptions = { alsoPaused: wish.request === null };
    if (wish.maxCostNanos !== null) options.maxCostNanos = wish.maxCostNanos;
    try {
      await open.handle.signal(Messages.goOn, options);
    } catch (error) {
      // It ended at this moment: its result is the answer.
      if (error instanceof WorkflowNotFoundError) return { ...open, how: 'joined' };
      throw error;
    }
    return { ...open, how: wish.request === null ? 'resumed' : 'joined' };
  }
  if (open !== null)
    throw usageFault(
      `${describeOpenRun(open.request)} is under way: watch it with embeddings status --watch, or end it with embeddings cancel`,
    );
  const request = wish.request ?? (await lastRequest(client, wish, settings)) ?? wish.fallback;
  return start(client, request, wish, settings, say);
}

async function start(
  client: Client,
  request: RunRequest,
  wish: Wish,
  settings: Settings,
  say: (line: string) => void,
): Promise<JoinedRun> {
  const startWith = (attributes: SearchAttributePair[]) =>
    client.workflow.start(WORKFLOW_TYPE, {
      ...startOptions(request, settings, attributes),
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });
  const attributes = await initialAttributes(client, settings, say);
  try {
    const handle = await startWith(attributes).catch((error: unknown) => {
      // Another of the cluster's servers may not know what the one that we asked knows.
      if (attributes.length === 0 || grpcCode(error) !== Grpc.invalidArgument) throw error;
      say(withoutAttributes(error));
      return startWith([]);
    });
    return { handle, runId: handle.firstExecutionRunId, request, how: 'started' };
  } catch (error) {
    // Somebody was quicker: theirs is the run, then.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return joinRun(client, wish, settings, say);
    throw error;
  }
}

async function openRun(client: Client) {
  const run = await describeRun(client);
  if (run === null || !run.open) return null;
  if (run.request === null)
    throw usageFault(
      `a workflow ${WORKFLOW_ID} that embeddings did not start is under way: watch it with embeddings status --watch, or end it with embeddings cancel`,
    );
  return { handle: client.workflow.getHandle(WORKFLOW_ID), runId: run.runId, request: run.request };
}

/** `a run of all samples, started by the schedule nightly`. */
export const describeOpenRun = (request: RunRequest): string =>
  `a run of ${describeSelection(request)}${request.scheduledBy === undefined ? '' : `, started by the schedule ${request.scheduledBy.schedule},`}`;

/** What was asked for last: Temporal remembers for its retention, the store for good. */
async function lastRequest(
  client: Client,
  { fallback }: Wish,
  settings: Settings,
): Promise<RunRequest | null> {
  const last = await describeRun(client);
  if (last !== null && last.request !== null) return askedAgain(last.request, fallback);
  const { latestRunOf } = await import('./latest-run.js');
  const row = await latestRunOf(settings);
  return row === null ? null : askedAgain(JSON.parse(row.request) as RunRequest, fallback);
}

/** What a schedule had asked for is now asked for by a person, who can be waited for. */
function askedAgain({ scheduledBy, ...request }: RunRequest, { onBlocked }: RunRequest): RunRequest {
  return { ...request, reset: false, ...(scheduledBy !== undefined && { onBlocked }) };
}
