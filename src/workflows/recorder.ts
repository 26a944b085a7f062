import { isCancellation, proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { Activities, RunProgress, RunState } from '../contract.js';
import { spentUnfinished } from './budget.js';
import type { Dispatcher } from './dispatcher.js';
import { mirrorPolicy } from './retry-policies.js';
import { type RunMemory, stateOf } from './state.js';
import { windowSize } from './window.js';

const { recordRun } = proxyActivities<Activities>(mirrorPolicy);

/** What the run would say of itself now; `state` and `reason` are given when it is over. */
export function progressOf(
  memory: RunMemory,
  dispatcher: Dispatcher,
  state?: RunState,
  reason?: string | null,
): RunProgress {
  const now = stateOf(memory, Date.now());
  return {
    runId: memory.runId,
    workflowId: workflowInfo().workflowId,
    state: state ?? now.state,
    reason: state === undefined ? now.reason : (reason ?? null),
    totals: { ...memory.totals },
    request: memory.request,
    model: memory.plan?.model ?? null,
    // Histories from before it was counted have none.
    expected: memory.planned
      ? memory.totals.selected
      : Math.max(memory.plan?.expected ?? 0, memory.totals.selected),
    planned: memory.planned,
    inFlight: dispatcher.underWay(),
    window: windowSize(memory.window),
    pacePerMinute: memory.pacePerMinute ?? null,
    uncertainNanos: (memory.uncertainNanos ?? 0) + spentUnfinished(memory.queue),
    startedAt: memory.startedAt,
    updatedAt: new Date(Date.now()).toISOString(),
  };
}

/** Mirrors the run into the store, so that `status` can tell where it is while no worker is up. */
export function createRecorder(memory: RunMemory, dispatcher: Dispatcher) {
  let last: Promise<void> = Promise.resolve();
  let waiting = false;

  const write = async (state?: RunState, reason?: string | null): Promise<void> => {
    // Before preflight has passed there may be no store to write to.
    if (memory.plan === null) return;
    const progress = progressOf(memory, dispatcher, state, reason);
    setCurrentDetails(details(progress));
    try {
      await recordRun(progress);
    } catch (error) {
      // The mirror is for looking at; history has the truth. A store that is down shows itself in the batches.
      if (isCancellation(error)) throw error;
    }
  };

  return {
    /** Writes the run's last word. */
    record: (state: RunState, reason: string | null): Promise<void> => {
      last = last.catch(() => undefined).then(() => write(state, reason));
      return last;
    },
    /** Asks for a write soon; calls while one is waiting are one. */
    touch: (): void => {
      if (waiting) return;
      waiting = true;
      last = last
        .then(() => {
          waiting = false;
          return write();
        })
        .catch(() => undefined);
    },
    settled: (): Promise<void> => last,
  };
}

export type Recorder = ReturnType<typeof createRecorder>;

/** Markdown for the Web UI: numbers and our own words only, nothing a title could inject into. */
function details({ state, reason, totals, inFlight, window, pacePerMinute }: RunProgress): string {
  const done = totals.stored + totals.unchanged + totals.failed;
  const usd = (totals.costNanos / 1e9).toFixed(6);
  return [
    `**${state}**${reason === null ? '' : `: ${reason.replace(/[\\`*_{}[\]<>()#+!|]/g, '\\$&')}`}`,
    '',
    `${done} of ${totals.selected} samples · stored ${totals.stored} · unchanged ${totals.unchanged} · failed ${totals.failed}`,
    '',
    `${totals.requests} requests · ${totals.tokens} tokens · $${usd} · ${inFlight} batches under way (window ${window})` +
      (pacePerMinute === null ? '' : ` · learned pace ${pacePerMinute} requests/min`),
  ].join('\n');
}
