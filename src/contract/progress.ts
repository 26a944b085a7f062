import type { PlannedGeneration } from './generation.js';
import type { RunRequest } from './request.js';

export type RunState =
  | 'planning'
  | 'running'
  | 'throttled'
  | 'paused'
  | 'blocked'
  | 'completed'
  | 'cancelled'
  | 'failed';

/** Returns whether the run waits until a person lets it continue. */
export const waitsForAPerson = ({ state }: { state: string | null }): boolean =>
  state === 'paused' || state === 'blocked';

/** Returns whether the run has ended. */
export const isOver = ({ state }: { state: string }): boolean =>
  state === 'completed' || state === 'cancelled' || state === 'failed';

/** Counts and money of a run. selected = stored + unchanged + failed once it has completed. Nanodollars are integers. */
export interface Totals {
  selected: number;
  stored: number;
  unchanged: number;
  failed: number;
  /** Of `stored`, those whose identical text was already bought and whose vector was copied. */
  copied: number;
  /** Samples embedded with fields left out because their content was not usable. */
  noted: number;
  requests: number;
  tokens: number;
  costNanos: number;
  lastProcessedId: number | null;
  /** Answered requests whose cost neither the provider nor a price gives; `costNanos` excludes them. Absent: none. */
  unpriced?: number;
  /** Samples gone from the catalog whose vector or failure was deleted; absent where the run does not prune. */
  pruned?: number;
}

export const zeroTotals = (): Totals => ({
  selected: 0,
  stored: 0,
  unchanged: 0,
  failed: 0,
  copied: 0,
  noted: 0,
  requests: 0,
  tokens: 0,
  costNanos: 0,
  lastProcessedId: null,
});

/** What the store holds of a run: its money by the ledger, and what its batches have written so far. */
export interface RunBooks {
  requests: number;
  tokens: number;
  costNanos: number;
  uncertainNanos: number;
  unpriced: number;
  stored: number;
  copied: number;
  failed: number;
  /** In the final record of a run of all samples: the other generations that are being built; absent: none. */
  building?: number[];
}

/** What a run reports to the store. `sequence` rises: an older record never replaces a newer one. */
export interface RunRecord extends RunProgress {
  /** Absent in runs that began before version 0.2. */
  sequence?: number;
  /** The generation that the run writes; absent: the first. */
  generation?: PlannedGeneration;
}

export interface RunProgress {
  runId: string;
  workflowId: string;
  state: RunState;
  /** One sentence when paused, throttled, blocked or failed. */
  reason: string | null;
  totals: Totals;
  request: RunRequest;
  model: string | null;
  /** Estimated number of samples that planning will find; `totals.selected` once it has found them. */
  expected: number;
  /** True once the whole selection has been planned, so that `selected` is final. */
  planned: boolean;
  inFlight: number;
  window: number;
  /** Requests a minute that a worker has learned from 429s; null: no learned pace. */
  pacePerMinute: number | null;
  /** Upper bound of what attempts without an answer may have cost in addition to `totals.costNanos`. */
  uncertainNanos: number;
  /** The run waits, and its figures are from the store; absent: they are counted from finished batches. */
  booked?: true;
  /** Why the run is not faster, if the connection to the store limits it; otherwise absent. */
  bottleneck?: string;
  /** Texts that the provider accepts in one request, if refusals have shown a limit below a batch; else absent. */
  maxInputs?: number;
  startedAt: string;
  updatedAt: string;
}
