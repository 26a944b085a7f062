import type { BatchWaits, PruneCursor } from '../contract/activities.js';
import type { BatchPlan, RunPlan } from '../contract/plan.js';
import { type RunBooks, type RunState, type Totals, zeroTotals } from '../contract/progress.js';
import type { RunRequest } from '../contract/request.js';
import type { Shown } from './attributes.js';
import type { FailureTally } from './failures.js';
import type { Fleet } from './fleet.js';
import type { Pace } from './pace.js';
import { openWindow, type Window } from './window.js';

/** A batch that has used up its retries, kept until it is clear whether the batch or the world is at fault. */
export interface ParkedBatch {
  batch: BatchPlan;
  reason: string;
  message: string;
  /** `memory.passed` when it was parked. Absent: parked by a version before 0.2. */
  passed?: number;
}

/** All that a run knows. Plain JSON: it travels through continue-as-new as it is. */
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
  /** What attempts without an answer may have cost besides `totals.costNanos`, at most. */
  uncertainNanos?: number;
  /** The store's figures, as long as nothing was sent since: what unfinished batches did is in no total yet. */
  booked?: RunBooks;
  /** Samples may have come since they were planned: once it is through, the run plans its selection again. */
  planAgain?: boolean;
  /** Generations that are to be brought up to date after it. */
  building?: number[];
  /** Batches that the provider has answered. */
  passed?: number;
  /** 429s since a batch passed, those that closed the gate anew. */
  refusedInARow?: number;
  /** The dearest price that an answer has stated, nanodollars a token; absent: none was dearer than the plan's. */
  nanosPerToken?: number;
  /** Under a cap: an answer has shown what a request costs since the run began or was resumed. */
  priceProven?: boolean;
  /** Why the gate is closed for long, in the provider's words; absent: it is not, or only for moments. */
  closedBecause?: string;
  /** Words told to the store so far. */
  sequence?: number;
  /** Times the run was planned anew, since the store held less than the run had stored. */
  recounts?: number;
  /** The pace a worker reported last. */
  pacePerMinute?: number | null;
  /** What batches of late have waited for. */
  waits?: BatchWaits;
  /** Texts that the provider takes a request, as a worker has learned; absent: nothing learned. */
  maxInputs?: number;
  /** Where pruning stands; absent before it has begun. */
  prune?: PruneCursor & { done: boolean };
  /** For people to look at; earlier versions carried none of these. */
  pace?: Pace;
  failures?: FailureTally;
  shown?: Shown;
  /** Epoch ms. */
  shownAt?: number;
  told?: string;
  /** Why nobody does the run's work now; absent: somebody does, as far as is known. */
  unserved?: string;
  window: Window;
  /** The workers that answered lately; absent: the execution began under an earlier version. */
  fleet?: Fleet;
  pausedBy: string | null;
  blockedBy: string | null;
  /** Rises with whatever may let the run go on; the main loop waits for it to change. */
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

/** The run's state as people see it; `now` in epoch ms. */
export function stateOf(memory: RunMemory, now: number): { state: RunState; reason: string | null } {
  if (memory.blockedBy !== null) return { state: 'blocked', reason: memory.blockedBy };
  if (memory.pausedBy !== null) return { state: 'paused', reason: memory.pausedBy };
  if (memory.window.closedUntil > now) {
    if (memory.closedBecause !== undefined) return { state: 'throttled', reason: memory.closedBecause };
    const seconds = Math.ceil((memory.window.closedUntil - now) / 1000);
    return { state: 'throttled', reason: `the provider asked to wait (429): ${seconds} s more` };
  }
  return { state: memory.totals.selected === 0 ? 'planning' : 'running', reason: memory.unserved ?? null };
}
