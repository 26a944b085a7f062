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
import { isOthers, type OpenRun, openRun, otherModel, othersRun, underWay } from './open-run.js';
import { libraryToStart, type OwnLibrary, ownLibrary } from './own-library.js';
import { initialAttributes, withoutAttributes } from './search-attributes.js';
import { startOptions } from './start-options.js';

export interface JoinedRun {
  handle: WorkflowHandle;
  /** Id of the run's first execution. */
  runId: string;
  request: RunRequest;
  /** `started` anew, `joined` one under way, `resumed` one that was blocked or paused. */
  how: 'started' | 'joined' | 'resumed';
  /** As the run stood before; null: it is new. */
  before: OpenRun | null;
}

export interface RunToJoin {
  /** Null: `--resume`. */
  request: RunRequest | null;
  /** What is run where nothing is there to go on with; null: only what has failed is asked for again, else a Fault. */
  fallback: RunRequest | null;
  maxCostNanos: number | null;
  /** One that is under way is joined whatever its request, and plans its samples again when it is through; default false. */
  planAgain?: boolean;
}

export interface Joining {
  settings: Settings;
  /** The settings for the generation that the run writes; default: the same. */
  meant?: Settings;
  /** Told, once, where the run must do without search attributes. */
  say(line: string): void;
  /** Whether a worker is at work besides this command; default: yes. */
  otherWorker?: () => boolean;
  /** Called once it is clear that the run is ours: nothing may work on another one before. */
  onAgreed?: () => void;
}

/**
 * Starts the run, or joins the one under way when it is the same request; another one, or one with another model, is a
 * Fault that says what is running and what may be done. `--resume` goes on with the open run, or asks for the last one
 * again.
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
      if (!abandoned) throw othersRun(before, settings);
      joining.say('The run before this one had bought nothing, and its store is gone: it is ended.');
      return joinRun(client, wanted, joining);
    }
    const asked = wanted.request;
    // `embeddings resume` goes on with it as it began, whatever today's settings say; what asks for samples does not.
    const asItBegan = asked === null && wanted.fallback === null;
    const agrees =
      asItBegan ||
      wanted.planAgain === true ||
      (request !== null &&
        (asked === null || sameRequest(request, asked)) &&
        otherModel(before, meant) === null);
    if (request === null || !agrees) throw underWay(before, meant, otherWorker());
    onAgreed();
    const open = { handle: before.handle, runId: before.runId, request, before };
    // Asking again means that a blocked run should go on; a pause is a person's, so only --resume ends it. A signal,
    // not an update: in one-command mode the worker that would accept an update may still be starting.
    const options: GoOnOptions = { alsoPaused: wanted.request === null };
    if (wanted.maxCostNanos !== null) options.maxCostNanos = wanted.maxCostNanos;
    try {
      if (wanted.planAgain === true) await open.handle.signal(Messages.planAgain);
      await open.handle.signal(Messages.goOn, options);
    } catch (error) {
      // It ended at this moment: its result is the answer.
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
      // Another of the cluster's servers may not know what the one that we asked knows.
      if (attributes.length === 0 || grpcCode(error) !== Grpc.invalidArgument) throw error;
      say(withoutAttributes(error));
      return startWith([]);
    });
    return { handle, runId: handle.firstExecutionRunId, request, how: 'started', before: null };
  } catch (error) {
    // Somebody was quicker: theirs is the run, then.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return joinRun(client, wanted, joining);
    throw error;
  }
}

/** What was asked for last: Temporal remembers for its retention, the store for good. */
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
  // Of an ordinary run, or of the build of the same generation.
  const isSame = row !== null && builtBy(row.workflowId) === (settings.building ?? null);
  return isSame ? askedAgain(JSON.parse(row.request) as RunRequest, fallback) : null;
}

/** Of a run that was refused before it began, or must not wait: its sentence may say that it can be resumed. */
async function failedRequest(client: Client, settings: Settings): Promise<RunRequest | null> {
  const last = await describeRun(client, workflowIdOf(settings.collection.name, settings.building));
  return last?.failed === true && last.request !== null && isOurs(last.request, await ownLibrary(settings))
    ? askedAgain(last.request, { onBlocked: 'wait' })
    : null;
}

/** Of a library that is not known, it may be ours. */
const isOurs = ({ library }: RunRequest, ours: OwnLibrary): boolean =>
  library?.store === undefined || ours == null || library.store === ours;

/** What a schedule had asked for is now asked for by a person, who can be waited for. */
function askedAgain(
  { scheduledBy, ...request }: RunRequest,
  { onBlocked }: Pick<RunRequest, 'onBlocked'>,
): RunRequest {
  return { ...request, reset: false, ...(scheduledBy !== undefined && { onBlocked }) };
}
