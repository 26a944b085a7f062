import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  ContinueAsNew,
  condition,
  isCancellation,
  patched,
  proxyActivities,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../contract/activities.js';
import { FailureType } from '../contract/failure.js';
import type { RunPlan } from '../contract/plan.js';
import type { RunProgress, RunState } from '../contract/progress.js';
import type { RunRequest } from '../contract/request.js';
import { isRunRequest } from '../contract/request.js';
import { isStored } from './confirm.js';
import { continueRun, shouldContinue } from './continuation.js';
import { planAnew } from './count.js';
import { createDispatcher } from './dispatcher.js';
import { followBuilds } from './follow-builds.js';
import { handleMessages } from './messages.js';
import { createPlanner } from './planner.js';
import { progressOf } from './progress.js';
import { createPruner } from './pruner.js';
import { createRecorder } from './recorder.js';
import { preflightPolicy } from './retry-policies.js';
import { served, toLibrary, wasUnserved } from './served.js';
import { newMemory, type RunMemory } from './state.js';
import { GATE_SUMMARY, PREFLIGHT_SUMMARY } from './summaries.js';

const { preflight } = proxyActivities<Activities>(preflightPolicy);

/** Pause between preflights: a worker of another library may take each of them. */
const BETWEEN_PREFLIGHTS = '5 seconds';

/**
 * Executes one run: preflight, then planning of pages while a bounded window of batches is under way, until every
 * selected sample is stored, unchanged or failed. With `prune`, it then deletes vectors of samples that left the
 * catalog. `carried`: the memory of an earlier execution of the same run.
 *
 * @returns the final progress. Fails with type `Blocked` when preflight refuses, or when the run blocks and
 * `onBlocked` is `fail`; ends as cancelled when it is cancelled. Batches in flight always finish and are counted.
 */
export async function embedSamples(request: RunRequest, carried?: RunMemory): Promise<RunProgress> {
  if (carried === undefined && !isRunRequest(request)) throw notARequest();
  const info = workflowInfo();
  const memory = carried ?? newMemory(info.firstExecutionRunId, info.startTime.toISOString(), request);
  // Checked once, at the start, so that histories from before 0.2 replay unchanged.
  const today = patched('0.2');
  if (patched('the window follows the workers')) memory.fleet ??= {};
  const planner = createPlanner(memory);
  const dispatcher = createDispatcher(memory, { isolates: today });
  const recorder = createRecorder(memory, dispatcher, { adopts: today });
  const pruner = createPruner(memory);
  handleMessages(memory, dispatcher, recorder);

  const idle = (): boolean => dispatcher.idle() && !planner.busy() && !pruner.busy();
  const embedded = (): boolean =>
    planner.finished() && memory.queue.length === 0 && memory.parked.length === 0 && idle();
  const mustFail = (): boolean => memory.blockedBy !== null && memory.request.onBlocked === 'fail' && idle();
  const end = async (state: RunState, reason: string | null): Promise<RunProgress> => {
    await recorder.record(state, reason);
    await condition(allHandlersFinished);
    return progressOf(memory, dispatcher, state, reason);
  };

  /** Repeats preflight until a worker of the run's library is up. */
  const checked = async (): Promise<RunPlan> => {
    const { runId, startedAt } = memory;
    const input = { runId, startedAt, workflowId: info.workflowId, request: memory.request };
    for (;;)
      try {
        const options = { ...toLibrary(memory), summary: PREFLIGHT_SUMMARY };
        const plan = await preflight.executeWithOptions(options, [input]);
        served(memory);
        return plan;
      } catch (error) {
        if (!wasUnserved(memory, error)) throw error;
        recorder.look();
        if (shouldContinue(memory)) await continueRun(memory);
        await sleep(BETWEEN_PREFLIGHTS);
      }
  };

  try {
    recorder.look();
    memory.plan ??= await checked();
    while (true) {
      if (mustFail()) throw ApplicationFailure.nonRetryable(memory.blockedBy, FailureType.Blocked);
      const leaving = shouldContinue(memory);
      if (!leaving) {
        planner.step(recorder.touch, dispatcher.carriedBytes);
        dispatcher.step(planner.finished());
        if (embedded()) pruner.step(recorder.touch);
      }
      if (leaving && idle()) {
        await recorder.settled();
        await condition(allHandlersFinished);
        await continueRun(memory);
      }
      if (memory.planAgain === true && memory.request.selection.kind !== 'failed' && embedded()) {
        planAnew(memory);
        continue;
      }
      if (embedded() && pruner.finished() && (!today || memory.blockedBy === null)) {
        if (!today || (await isStored(memory))) {
          const completed = await end('completed', null);
          await followBuilds(memory);
          return completed;
        }
        // Vectors are missing: either their samples are planned again, or the run has blocked.
        continue;
      }
      // The cap may have stopped the run in this turn: no event would wake it.
      if (mustFail()) continue;
      recorder.look();
      const seen = memory.events;
      const changed = (): boolean => memory.events !== seen;
      const wait = dispatcher.waitMs();
      if (wait === null) await condition(changed);
      else await condition(changed, wait, { summary: GATE_SUMMARY });
    }
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    const cancelled = isCancellation(error);
    await CancellationScope.nonCancellable(async () => {
      await condition(idle);
      await end(cancelled ? 'cancelled' : 'failed', cancelled ? 'cancelled by a person' : reasonOf(error));
    });
    throw error;
  }
}

/** Creates the error for a run started by hand in Temporal's UI or CLI. Temporal would retry a later error for ever. */
const notARequest = (): ApplicationFailure =>
  ApplicationFailure.nonRetryable(
    'the input is no request for a run: start it with embeddings generate, or write {"selection":{"kind":"all"},' +
      '"reset":false,"batchSize":100,"maxRetries":3,"concurrency":8,"maxCostNanos":null,"onBlocked":"wait"}',
    FailureType.Blocked,
  );

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
};
