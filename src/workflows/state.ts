import type { BatchWaits, PruneCursor } from '../contract/activities.js';
import type { BatchPlan, RunPlan } from '../contract/plan.js';
import { type RunBooks, type RunState, type Totals, zeroTotals } from '../contract/progress.js';
import type { RunRequest } from '../contract/request.js';
import type { Shown } from './attributes.js';
import type { FailureTally } from './failures.js';
import type { Fleet } from './fleet.js';
import type { Pace } from './pace.js';
import { openWindow, type Window } from './window.js';

/** A batch that has used up its retries, kept until it is clear whether its texts or the provider are at fault. */
export interface ParkedBatch {
  batch: BatchPlan;
  reason: string;
  message: string;
  /** `memory.passed` when it was parked. Absent: parked by a version before 0.2. */
  passed?: number;
}

/** The run's whole state. Plain JSON: continue-as-new passes it on unchanged. */
export interface RunMemory {
  runId: string;
  startedAt: string;
  request: RunRequest;
  plan: RunPlan | null;
  cursor: number | null;
  planned: boolean;
  leftover: { ids: string; tokensBound: number };
  nextBatch: number;
  queue: BatchPlan[];
  parked: ParkedBatch[];
  totals: Totals;
  /** Upper bound, in nanodollars, of what attempts without an answer cost; not part of `totals.costNanos`. */
  uncertainNanos?: number;
  /** The store's figures, which include unfinished batches; absent once a batch was sent since. */
  booked?: RunBooks;
  /** Samples may have been added since planning: the run plans its selection again when it is done. */
  planAgain?: boolean;
  /** Generations that are brought up to date after this run. */
  building?: number[];
  /** Batches that the provider has answered. */
  passed?: number;
  /** 429s since the last batch that passed; only those that closed the gate count. */
  refusedInARow?: number;
  /** Highest price that an answer has stated, nanodollars a token; absent: none was above the plan's price. */
  nanosPerToken?: number;
  /** Under a cap: whether an answer has shown the cost of a request since the run began or was resumed. */
  priceProven?: boolean;
  /** The provider's reason for a long wait; absent: the gate is open, or closed only briefly. */
  closedBecause?: string;
  /** The store or the catalog does not answer: since when (epoch ms), and its last error; absent: a batch has passed since. */
  away?: { since: number; message: string };
  /** Records written to the store so far. */
  sequence?: number;
  /** How often the run was planned again because the store held less than the run had stored. */
  recounts?: number;
  /** The pace a worker reported last. */
  pacePerMinute?: number | null;
  /** How long recent batches waited for the store and for the provider. */
  waits?: BatchWaits;
  /** Most texts a request, as a worker learned from the provider; absent: no such limit learned. */
  maxInputs?: number;
  /** The cursor of pruning; absent before it has begun. */
  prune?: PruneCursor & { done: boolean };
  /** For display only; earlier versions carried none of these fields. */
  pace?: Pace;
  failures?: FailureTally;
  shown?: Shown;
  /** Epoch ms. */
  shownAt?: number;
  told?: string;
  /** Why no worker serves the run now; absent: none is known to be missing. */
  unserved?: string;
  window: Window;
  /** The workers that answered lately; absent: the execution began under an earlier version. */
  fleet?: Fleet;
  pausedBy: string | null;
  blockedBy: string | null;
  /** Incremented by each event that may let the run continue; the main loop waits for a change. */
  events: number;
}

export const newMemory = (runId: string, startedAt: string, request: RunRequest): RunMemory => ({
  runId,
  startedAt,
  request,
  plan: null,
  cursor: null,
  planned: false,
  leftover: { ids: '', tokensBound: 0 },
  nextBatch: 1,
  queue: [],
  parked: [],
  totals: zeroTotals(),
  window: openWindow(request.concurrency),
  pausedBy: null,
  blockedBy: null,
  events: 0,
});

/** Returns the run's state for display; `now` in epoch ms. */
export function stateOf(memory: RunMemory, now: number): { state: RunState; reason: string | null } {
  if (memory.blockedBy !== null) return { state: 'blocked', reason: memory.blockedBy };
  if (memory.pausedBy !== null) return { state: 'paused', reason: memory.pausedBy };
  if (memory.away !== undefined)
    return {
      state: 'running',
      reason: `waits until this is over, then goes on by itself: ${memory.away.message}`,
    };
  if (memory.window.closedUntil > now) {
    if (memory.closedBecause !== undefined) return { state: 'throttled', reason: memory.closedBecause };
    const seconds = Math.ceil((memory.window.closedUntil - now) / 1000);
    return { state: 'throttled', reason: `the provider asked to wait (429): ${seconds} s more` };
  }
  return { state: memory.totals.selected === 0 ? 'planning' : 'running', reason: memory.unserved ?? null };
}
