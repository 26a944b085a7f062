/** The activities as the workflow knows them: what goes in and what comes out, in plain JSON. */
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

/** Catalog pages that planning has read: where it stands and what it found. */
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
  /** Why, where some failed. */
  failures?: FailureNote[];
}

export interface EmbedBatchInput {
  plan: RunPlan;
  batchId: string;
  ids: string;
  /** As of its BatchPlan: each part is a request of its own. */
  parts?: number[];
  /** Requests that the run may have in flight in each worker; a worker's own limit may be smaller, and then holds. */
  concurrency: number;
  /** What all attempts of this batch may cost, integer nanodollars; null: no cap. */
  reservedNanos: number | null;
  /** The run has met the provider's limit: a worker that has sent nothing yet begins with one request at a time. */
  limited?: boolean;
  /** The dearest price that the run has seen, nanodollars a token; absent: the plan's. */
  nanosPerToken?: number | null;
  /** Whatever fails is halved until the samples at fault are alone. */
  isolate?: boolean;
  /** Texts that the provider takes a request, as the run has learned; absent: nothing learned. */
  maxInputs?: number;
}

/** What a batch waited for, milliseconds, turns in queues included. */
export interface BatchWaits {
  store: number;
  provider: number;
}

/** What became of a batch, derived from store and ledger, so that a retry reports the same. */
export interface EmbedBatchResult {
  stored: number;
  copied: number;
  unchanged: number;
  failed: number;
  noted: number;
  requests: number;
  tokens: number;
  costNanos: number;
  /** What attempts whose answer never came may have cost besides, at most. */
  uncertainNanos: number;
  lastId: number | null;
  /** Requests a minute that the worker has learned to keep to; null: nothing learned. */
  pacePerMinute: number | null;
  /** Which process did it, and how many requests it may have in flight for all runs. Absent: a worker of an earlier version. */
  worker?: { id: string; requests: number };
  /** Absent: a worker of an earlier version. */
  tookMs?: BatchWaits;
  /** Answered requests whose cost nobody tells; absent: none. */
  unpriced?: number;
  /** The dearest price that its answers state, nanodollars a token; null or absent: none states one. */
  nanosPerToken?: number | null;
  /** Texts that the provider takes a request, as the worker has learned; absent: nothing learned. */
  maxInputs?: number;
  /** Why, where some failed. */
  failures?: FailureNote[];
}

/** Rows that the store holds: of this run, and in all. */
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

/** Where pruning stands: it goes through the vectors, then through the failures, by id. */
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

/** The activities as the workflow knows them. */
export interface Activities {
  preflight(input: PreflightInput): Promise<RunPlan>;
  planPage(input: PlanPageInput): Promise<PlanPageResult>;
  embedBatch(input: EmbedBatchInput): Promise<EmbedBatchResult>;
  failBatch(input: FailBatchInput): Promise<EmbedBatchResult>;
  pruneSlice(input: PruneSliceInput): Promise<PruneSliceResult>;
  /** Answers with the run's money; workers before version 0.2 answer nothing. */
  recordRun(input: RunRecord): Promise<RunBooks | undefined>;
  countStored(input: { plan: RunPlan }): Promise<StoredCount>;
}
