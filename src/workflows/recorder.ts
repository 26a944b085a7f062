import { isCancellation, patched, proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { Activities } from '../contract/activities.js';
import {
  type RunBooks,
  type RunProgress,
  type RunRecord,
  type RunState,
  waitsForAPerson,
} from '../contract/progress.js';
import { isNews, mayShow, show, shownOf } from './attributes.js';
import { renderDetails } from './details.js';
import type { Dispatcher } from './dispatcher.js';
import { notePace, perSecond } from './pace.js';
import { moneyOf, progressOf } from './progress.js';
import { mirrorPolicy } from './retry-policies.js';
import { mirrorToLibrary } from './served.js';
import type { RunMemory } from './state.js';
import { mirrorSummary } from './summaries.js';

const { recordRun } = proxyActivities<Activities>(mirrorPolicy);

/** A gate may close often and briefly: that alone is told outside the run no more than once in this time. */
const GATE_NEWS_MS = 10_000;

/**
 * Shows the run to those outside it: current details in the Web UI (no event of the history), search attributes for
 * lists, and the mirror in the store, so that `status` can tell where it is while no worker is up. `adopts`: the run
 * began with version 0.2 or later, and ends with the money that the ledger has.
 */
export function createRecorder(memory: RunMemory, dispatcher: Dispatcher, { adopts }: { adopts: boolean }) {
  const attributes = mayShow();
  // Asked once, at the start: histories from before it told of a run's state only when a page was planned.
  const tellsStates = patched('tells-states');
  let last: Promise<void> = Promise.resolve();
  let waiting = false;

  const describe = (progress: RunProgress): void => {
    const now = Date.now();
    const { stored, unchanged, failed } = progress.totals;
    const done = stored + unchanged + failed;
    const moving = progress.state !== 'paused' && progress.state !== 'blocked';
    memory.pace = notePace(memory.pace ?? [], now, done, moving);
    const around = {
      now,
      perSecond: perSecond(memory.pace, now, done),
      closedUntil: memory.window.closedUntil,
      failures: memory.failures ?? [],
    };
    try {
      setCurrentDetails(renderDetails(progress, around));
    } catch {
      // A run that was started by hand may hold what cannot be told: that must not hold it up.
      setCurrentDetails(`**${progress.state}**`);
    }
  };

  const showIfNews = (progress: RunProgress): void => {
    const now = shownOf(progress);
    if (!isNews(memory.shown ?? null, now)) return;
    memory.shown = now;
    memory.shownAt = Date.now();
    if (attributes) show(progress);
  };

  /** A run's last word has the ledger's figures. */
  const adopt = (money: RunBooks): void => {
    Object.assign(memory.totals, moneyOf(money));
    memory.uncertainNanos = money.uncertainNanos;
  };

  const tell = (state?: RunState, reason?: string | null): RunProgress => {
    const progress = progressOf(memory, dispatcher, state, reason);
    describe(progress);
    if (state !== undefined) showIfNews(progress);
    return progress;
  };

  const write = async (state?: RunState, reason?: string | null): Promise<void> => {
    const last = adopts && state !== undefined && memory.plan !== null;
    const progress = last ? progressOf(memory, dispatcher, state, reason) : tell(state, reason);
    // Before preflight has passed there may be no store to write to.
    if (memory.plan === null) return;
    memory.sequence = (memory.sequence ?? 0) + 1;
    const restsSince = dispatcher.idle() ? memory.events : null;
    try {
      const summary = mirrorSummary(progress);
      const money = await recordRun.executeWithOptions(
        { ...mirrorToLibrary(memory, state !== undefined), summary },
        [{ ...progress, sequence: memory.sequence, ...generationOf(memory) }],
      );
      if (last && money?.building !== undefined) memory.building = money.building;
      if (last && money != null) adopt(money);
      else if (adopts && money != null && restsSince === memory.events && dispatcher.idle())
        memory.booked = money;
    } catch (error) {
      // The mirror is for looking at; history has the truth. A store that is down shows itself in the batches.
      if (isCancellation(error)) throw error;
    } finally {
      if (last) tell(state, reason);
      else if (memory.booked !== undefined) tell();
    }
  };

  const touch = (): void => {
    memory.told = wordsOf(progressOf(memory, dispatcher));
    if (waiting) return;
    waiting = true;
    last = last
      .then(() => {
        waiting = false;
        return write();
      })
      .catch(() => undefined);
  };

  return {
    /** Writes the run's last word. */
    record: (state: RunState, reason: string | null): Promise<void> => {
      last = last.catch(() => undefined).then(() => write(state, reason));
      return last;
    },
    /** Asks for a write soon; calls while one is waiting are one. */
    touch,
    /** After each turn of the run: what is new is told, a change of state also to the store. */
    look: (): void => {
      const progress = progressOf(memory, dispatcher);
      describe(progress);
      const before = memory.shown?.state;
      const byGate = (before === 'throttled') !== (progress.state === 'throttled');
      const brief = memory.window.closedUntil - Date.now() < GATE_NEWS_MS;
      const often = Date.now() - (memory.shownAt ?? 0) < GATE_NEWS_MS;
      if (byGate && !waitsForAPerson(progress) && brief && often) return;
      showIfNews(progress);
      if (!tellsStates) return;
      const now = wordsOf(progress);
      if (memory.told !== undefined && memory.told !== now) touch();
      memory.told = now;
    },
    settled: (): Promise<void> => last,
  };
}

const generationOf = ({ plan }: RunMemory): Pick<RunRecord, 'generation'> =>
  plan?.generation === undefined ? {} : { generation: plan.generation };

export type Recorder = ReturnType<typeof createRecorder>;

/** What the store is told of whenever it changes: the state, and that a run which waits has come to rest. */
const wordsOf = (progress: RunProgress): string =>
  waitsForAPerson(progress) && progress.inFlight === 0 ? `${progress.state}, at rest` : progress.state;
