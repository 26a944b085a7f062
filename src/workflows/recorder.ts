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

/** Shortest time between two reports that are only about the gate, which may close often and briefly. */
const GATE_NEWS_MS = 10_000;

/**
 * Creates the recorder, which publishes the run's progress: current details in the Web UI (no event of the history),
 * search attributes for lists, and the mirror in the store, which `status` reads while no worker is up. `adopts`: the
 * run began with version 0.2 or later, and its final record has the ledger's amounts.
 */
export function createRecorder(memory: RunMemory, dispatcher: Dispatcher, { adopts }: { adopts: boolean }) {
  const attributes = mayShow();
  // Checked once, at the start: older histories recorded the run's state only when a page was planned.
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
      // A run started by hand may hold values that cannot be rendered: that must not stop the run.
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

  /** Replaces the run's amounts by those of the ledger, for its final record. */
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
      // The mirror is only for display; the history is authoritative. If the store is down, batches report it.
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
    /** Writes the run's final record. */
    record: (state: RunState, reason: string | null): Promise<void> => {
      last = last.catch(() => undefined).then(() => write(state, reason));
      return last;
    },
    /** Requests a write soon; calls while a write is waiting are merged into it. */
    touch,
    /** Publishes what changed, after each turn of the main loop; a change of state is also written to the store. */
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

/** Returns what causes a write to the store when it changes: the state, and whether a waiting run is idle. */
const wordsOf = (progress: RunProgress): string =>
  waitsForAPerson(progress) && progress.inFlight === 0 ? `${progress.state}, at rest` : progress.state;
