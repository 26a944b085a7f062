/** The activities as the workflow calls them, with inputs and results in plain JSON. */
import type { FailureNote } from './failure.js';
import type { BatchPlan, RunPlan } from './plan.js';
import type { RunBooks, RunRecord } from './progress.js';
import type { RunRequest, Selection } from './request.js';

export interface PreflightInput {
  runId: string;
  startedAt: string;
  workflowId: string;
  request: RunRequest;
}

/** One page of planning: its position, and what the page before left over. */
export interface PlanPageInput {
  plan: RunPlan;
  selection: Selection;
  /** Exact token bounds, for runs with a cost cap. */
  exactTokens: boolean;
  after: number | null;
  leftover: { ids: string; tokensBound: number };
  nextBatch: number;
}

export interface PlanPageResult {
  /** Last id read; planning is over when `done`. */
  after: number | null;
  done: boolean;
  batches: BatchPlan[];
  leftover: { ids: string; tokensBound: number };
  selected: number;
  unchanged: number;
  failed: number;
  /** Samples that this run has stored already, found when it is planned a second time; absent: none. */
  stored?: number;
  /** Why samples failed; absent: none did. */
  failures?: FailureNote[];
}

export interface EmbedBatchInput {
  plan: RunPlan;
  batchId: string;
  ids: string;
  /** The parts of its BatchPlan: each is a separate request. */
  parts?: number[];
  /** Requests that the run may have in flight in each worker; a worker's own smaller limit takes precedence. */
  concurrency: number;
  /** What all attempts of this batch may cost, integer nanodollars; null: no cap. */
  reservedNanos: number | null;
  /** The run has met the provider's limit: a worker that has sent nothing yet begins with one request at a time. */
  limited?: boolean;
  /** The highest price that the run has seen, in nanodollars per token; absent: the plan's. */
  nanosPerToken?: number | null;
  /** Halves a request that fails, until the samples at fault are alone. */
  isolate?: boolean;
  /** Texts that the provider accepts in one request, as the run has learned; absent: nothing learned. */
  maxInputs?: number;
}

/** Milliseconds that a batch waited, time in queues included. */
export interface BatchWaits {
  store: number;
  provider: number;
}

/** The result of a batch, derived from store and ledger, so that a retry reports the same. */
export interface EmbedBatchResult {
  stored: number;
  copied: number;
  unchanged: number;
  failed: number;
  noted: number;
  requests: number;
  tokens: number;
  costNanos: number;
  /** Upper bound of what attempts without an answer may have cost in addition. */
  uncertainNanos: number;
  lastId: number | null;
  /** Requests a minute that the worker has learned to keep to; null: nothing learned. */
  pacePerMinute: number | null;
  /** The process that ran it, and the requests it may have in flight for all runs. Absent: an earlier version. */
  worker?: { id: string; requests: number };
  /** Absent: a worker of an earlier version. */
  tookMs?: BatchWaits;
  /** Answered requests of unknown cost; absent: none. */
  unpriced?: number;
  /** The highest price that its answers state, in nanodollars per token; null or absent: none states one. */
  nanosPerToken?: number | null;
  /** Texts that the provider accepts in one request, as the worker has learned; absent: nothing learned. */
  maxInputs?: number;
  /** Why samples failed; absent: none did. */
  failures?: FailureNote[];
}

/** Rows of the store: written by this run, and in total. */
export interface StoredCount {
  byRun: number;
  all: number;
}

export interface FailBatchInput {
  plan: RunPlan;
  batchId: string;
  ids: string;
  reason: string;
  message: string;
  attempts: number;
}

/** The position of pruning, which goes through the vectors, then through the failures, by id. */
export interface PruneCursor {
  table: 'vectors' | 'failures';
  after: number | null;
}

export interface PruneSliceInput extends PruneCursor {
  plan: RunPlan;
}

export interface PruneSliceResult extends PruneCursor {
  done: boolean;
  /** Samples that this run has pruned so far, as the store counts them: a retry reports the same. */
  pruned: number;
}

/** The activities as the workflow calls them. */
export interface Activities {
  preflight(input: PreflightInput): Promise<RunPlan>;
  planPage(input: PlanPageInput): Promise<PlanPageResult>;
  embedBatch(input: EmbedBatchInput): Promise<EmbedBatchResult>;
  failBatch(input: FailBatchInput): Promise<EmbedBatchResult>;
  pruneSlice(input: PruneSliceInput): Promise<PruneSliceResult>;
  /** Returns the run's money; workers before version 0.2 return nothing. */
  recordRun(input: RunRecord): Promise<RunBooks | undefined>;
  countStored(input: { plan: RunPlan }): Promise<StoredCount>;
}
