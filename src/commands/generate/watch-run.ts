import { setTimeout as wait } from 'node:timers/promises';
import {
  type Client,
  WorkflowFailedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { RunProgress } from '../../contract/progress.js';
import { Fault } from '../../fault.js';
import { askRun, progressOfFailure, refusedByPreflight } from '../../hosting/run-progress.js';
import { untilAborted } from '../../hosting/until-aborted.js';
import { createProgress } from '../../terminal/progress.js';
import { createRestCheck } from '../at-rest.js';
import type { Console } from '../console.js';
import { drawProgress } from '../draw-progress.js';

const LOOK_MS = 400;
const NO_WORKER_AFTER_MS = 8000;

interface Watch {
  /** Ends the watch, not the run. */
  signal: AbortSignal;
  workflowId: string;
  embedded: boolean;
  /** Returns why no worker may answer, in one-command mode; null: no reason is known. */
  trouble?: () => string | null;
  /** Called with each progress report of the run. */
  onProgress(progress: RunProgress): void;
}

/**
 * Shows the run until it ends or waits for a person (paused or blocked with nothing under way).
 * @returns its last progress; null if the watch was interrupted. Throws a Fault if preflight refused the run.
 */
export async function watchRun(console: Console, client: Client, watch: Watch): Promise<RunProgress | null> {
  const handle = client.workflow.getHandle(watch.workflowId);
  const stream = console.json ? console.stderr : console.stdout;
  const bar = createProgress({ stream, isTTY: stream.isTTY === true, columns: stream.columns ?? 80 });
  let last: RunProgress | null = null;
  let ended: Outcome = null;
  const end = new AbortController();
  // Without the abort signal, the long poll would outlive the watch and keep the process alive until the poll ends.
  const following = new AbortController();
  const ending = untilAborted(client, following.signal, () => follow(handle, following.signal)).then(
    (outcome) => {
      if (following.signal.aborted) return;
      ended = outcome;
      end.abort();
    },
  );
  const tick = AbortSignal.any([end.signal, watch.signal]);
  let heard = performance.now();
  let reported = '';
  const isAtRest = createRestCheck();
  try {
    while (ended === null && !watch.signal.aborted) {
      const progress = await Promise.race([askRun(client, watch.workflowId), ending.then(() => null)]);
      if (progress !== null) {
        last = progress;
        heard = performance.now();
        drawProgress(bar, progress);
        watch.onProgress(progress);
        if (isAtRest(progress)) return progress;
      } else if (ended === null && performance.now() - heard > NO_WORKER_AFTER_MS) {
        const why = watch.trouble?.() ?? null;
        // The first reason given may have been the start; a new reason, such as a full disk, is printed as well.
        if (reported !== '' && (why === null || why === reported)) {
          await wait(LOOK_MS, undefined, { signal: tick }).catch(() => undefined);
          continue;
        }
        const cure = watch.embedded ? 'it is still starting' : 'start one with: embeddings worker';
        reported = why ?? cure;
        console.say(
          `No worker answers at this Temporal: ${reported}. The run is kept${why === null ? ' and goes on by itself' : ''}.`,
        );
      }
      await wait(LOOK_MS, undefined, { signal: tick }).catch(() => undefined);
    }
    const result = (ended as { result?: RunProgress } | null)?.result;
    if (result !== undefined) drawProgress(bar, result);
  } finally {
    bar.stop();
    following.abort();
    await ending;
  }
  const outcome = ended as Outcome;
  if (outcome === null) return null;
  if ('result' in outcome) return outcome.result;
  if (outcome.error instanceof Fault) throw outcome.error;
  const final = progressOfFailure(outcome.error, last);
  const refusal = refusedByPreflight(outcome.error);
  if (refusal === null) return final;
  watch.onProgress(final);
  throw new RefusedByPreflight('usage', refusal);
}

/** The run is over and has started nothing. */
export class RefusedByPreflight extends Fault {}

type Outcome = { result: RunProgress } | { error: unknown } | null;

/**
 * Resolves with the run's outcome. Tolerates any number of Temporal outages: a killed server is started again and still
 * knows the run.
 */
async function follow(handle: WorkflowHandle, signal: AbortSignal): Promise<Outcome> {
  while (!signal.aborted) {
    try {
      return { result: (await handle.result()) as RunProgress };
    } catch (error) {
      if (error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError) return { error };
      if (error instanceof Fault) return { error };
      await wait(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return null;
}
