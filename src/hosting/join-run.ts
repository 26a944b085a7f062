import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { Settings } from '../config.js';
import { type GoOnOptions, Messages } from '../contract/messages.js';
import { builtBy, WORKFLOW_TYPE, workflowIdOf } from '../contract/names.js';
import { type RunRequest, sameRequest } from '../contract/request.js';
import { endAbandoned } from './abandoned-run.js';
import { describeRun } from './describe-run.js';
import { Grpc, grpcCode } from './grpc-code.js';
import { noRun } from './no-run.js';
import { isOthers, type OpenRun, openRun, otherModel, otherStoreFault, underWay } from './open-run.js';
import { libraryToStart, type OwnLibrary, ownLibrary } from './own-library.js';
import { initialAttributes, withoutAttributes } from './search-attributes.js';
import { startOptions } from './start-options.js';

export interface JoinedRun {
  handle: WorkflowHandle;
  /** Id of the run's first execution. */
  runId: string;
  request: RunRequest;
  /** `started` a new run, `joined` one under way, or `resumed` a blocked or paused one. */
  how: 'started' | 'joined' | 'resumed';
  /** The run as it was before this call. Null when it is new. */
  before: OpenRun | null;
}

export interface RunToJoin {
  /** Null for `--resume`. */
  request: RunRequest | null;
  /** Started when no earlier request is there to repeat. Null: only a failed run is repeated, else a Fault. */
  fallback: RunRequest | null;
  maxCostNanos: number | null;
  /** Joins a run under way whatever its request, and makes it plan its samples again at its end; default false. */
  planAgain?: boolean;
}

export interface Joining {
  settings: Settings;
  /** The settings for the generation that the run writes; default: `settings`. */
  meant?: Settings;
  /** Called once when the run must do without search attributes. */
  say(line: string): void;
  /** Whether a worker is at work besides this command; default: yes. */
  otherWorker?: () => boolean;
  /** Called once it is clear that the run is ours. No worker may start before: it could work on another run. */
  onAgreed?: () => void;
}

/**
 * Starts the run, or joins the one under way when it has the same request. Throws a Fault when the request or the model
 * differs; it says what is running and what can be done. `--resume` goes on with the open run, or repeats the last
 * request.
 */
export async function joinRun(client: Client, wanted: RunToJoin, joining: Joining): Promise<JoinedRun> {
  const { settings, meant = settings, otherWorker = () => true, onAgreed = () => undefined } = joining;
  const before = await openRun(client, settings);
  if (before !== null) {
    const { request } = before;
    const ours = await ownLibrary(settings);
    if (isOthers(before, ours)) {
      const abandoned =
        wanted.request !== null && (await endAbandoned(client, before.handle.workflowId, settings, ours));
      if (!abandoned) throw otherStoreFault(before, settings);
      joining.say('The run before this one had bought nothing, and its store is gone: it is ended.');
      return joinRun(client, wanted, joining);
    }
    const asked = wanted.request;
    // `embeddings resume` goes on with the run as it began, whatever today's settings are. Commands that select samples
    // do not.
    const keepsSettings = asked === null && wanted.fallback === null;
    const agrees =
      keepsSettings ||
      wanted.planAgain === true ||
      (request !== null &&
        (asked === null || sameRequest(request, asked)) &&
        otherModel(before, meant) === null);
    if (request === null || !agrees) throw underWay(before, meant, otherWorker());
    onAgreed();
    const open = { handle: before.handle, runId: before.runId, request, before };
    // Asking again means that a blocked run should go on. A pause was set by a person, so only --resume ends it. This
    // is a signal, not an update: in one-command mode the worker that would accept an update may still be starting.
    const options: GoOnOptions = { alsoPaused: wanted.request === null };
    if (wanted.maxCostNanos !== null) options.maxCostNanos = wanted.maxCostNanos;
    try {
      if (wanted.planAgain === true) await open.handle.signal(Messages.planAgain);
      await open.handle.signal(Messages.goOn, options);
    } catch (error) {
      // The run has just ended: its result is the answer.
      if (error instanceof WorkflowNotFoundError) return { ...open, how: 'joined' };
      throw error;
    }
    return { ...open, how: wanted.request === null ? 'resumed' : 'joined' };
  }
  const request =
    wanted.request ??
    (wanted.fallback === null
      ? await failedRequest(client, settings)
      : ((await lastRequest(client, wanted.fallback, settings)) ?? wanted.fallback));
  if (request === null) throw await noRun(settings);
  onAgreed();
  const { maxCostNanos } = wanted;
  const library = await libraryToStart(settings);
  const asked: RunRequest = {
    ...request,
    ...(maxCostNanos !== null && { maxCostNanos }),
    ...(library !== null && { library }),
  };
  return start(client, asked, wanted, joining);
}

async function start(
  client: Client,
  request: RunRequest,
  wanted: RunToJoin,
  joining: Joining,
): Promise<JoinedRun> {
  const { settings, say } = joining;
  const startWith = (attributes: SearchAttributePair[]) =>
    client.workflow.start(WORKFLOW_TYPE, {
      ...startOptions(request, settings, attributes),
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });
  const attributes = await initialAttributes(client, settings, say);
  try {
    const handle = await startWith(attributes).catch((error: unknown) => {
      // Another server of the cluster may not know these attributes yet.
      if (attributes.length === 0 || grpcCode(error) !== Grpc.invalidArgument) throw error;
      say(withoutAttributes(error));
      return startWith([]);
    });
    return { handle, runId: handle.firstExecutionRunId, request, how: 'started', before: null };
  } catch (error) {
    // Another command was quicker: join its run.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return joinRun(client, wanted, joining);
    throw error;
  }
}

/** Returns the last request. Temporal keeps it for its retention period, the store for good. */
async function lastRequest(
  client: Client,
  fallback: RunRequest,
  settings: Settings,
): Promise<RunRequest | null> {
  const last = await describeRun(client, workflowIdOf(settings.collection.name, settings.building));
  const ours = await ownLibrary(settings);
  if (last !== null && last.request !== null && isOurs(last.request, ours))
    return askedAgain(last.request, fallback);
  const { latestRunOf } = await import('./existing-store.js');
  const row = await latestRunOf(settings);
  // The row must be of an ordinary run too, or of the build of the same generation.
  const isSame = row !== null && builtBy(row.workflowId) === (settings.building ?? null);
  return isSame ? askedAgain(JSON.parse(row.request) as RunRequest, fallback) : null;
}

/** Returns the last run's request if that run failed: its message may say that it can be resumed. */
async function failedRequest(client: Client, settings: Settings): Promise<RunRequest | null> {
  const last = await describeRun(client, workflowIdOf(settings.collection.name, settings.building));
  return last?.failed === true && last.request !== null && isOurs(last.request, await ownLibrary(settings))
    ? askedAgain(last.request, { onBlocked: 'wait' })
    : null;
}

/** Returns whether the request is for our store. When one of the two stores is not known, it may be ours. */
const isOurs = ({ library }: RunRequest, ours: OwnLibrary): boolean =>
  library?.store === undefined || ours == null || library.store === ours;

/** Removes the schedule from the request: now a person asks for it, and the run can wait for that person. */
function askedAgain(
  { scheduledBy, ...request }: RunRequest,
  { onBlocked }: Pick<RunRequest, 'onBlocked'>,
): RunRequest {
  return { ...request, reset: false, ...(scheduledBy !== undefined && { onBlocked }) };
}
