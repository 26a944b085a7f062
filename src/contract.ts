/**
 * What crosses between client, workflow and activities: plain JSON, plus the names both sides must agree on.
 * Pure: the workflow sandbox imports this file, so it may import nothing.
 */

export const TASK_QUEUE = 'sample-embeddings';
export const WORKFLOW_ID = 'embed-samples';
export const WORKFLOW_TYPE = 'embedSamples';
/** What a schedule starts: it starts the run under its one id, or finds another under way. */
export const SCHEDULED_WORKFLOW_TYPE = 'runOnSchedule';

/** `ids` holds ranges in the form of `--sample-ids`, normalised: sorted, merged, e.g. `1,5,10-20`. */
export type Selection = { kind: 'all' } | { kind: 'ids'; ids: string } | { kind: 'failed' };

export type OnBlocked = 'wait' | 'fail';

/** A run as it is asked for. What is absent is decided by the worker's own settings in preflight. */
export interface RunRequest {
  selection: Selection;
  /** Embed every selected sample anew, even where the stored vector is up to date. */
  reset: boolean;
  /** Samples a request, 1–2,048. */
  batchSize: number;
  /** Retries of a batch after its first attempt. */
  maxRetries: number;
  /** Requests in flight in each worker. */
  concurrency: number;
  /** Hard cap on what the run may spend, integer nanodollars; null: no cap. */
  maxCostNanos: number | null;
  onBlocked: OnBlocked;
  /** Once all is embedded, delete vectors and failures of samples that are gone from the catalog. Absent: never. */
  prune?: boolean;
  /** Go on although the catalog has lost a field that the last run's texts were made of. Absent: ask first. */
  acceptShape?: boolean;
  /** The schedule that asked, and the run id of the workflow it started. Absent: a person asked. */
  scheduledBy?: { schedule: string; firing: string };
}

const atLeast = (least: number, value: unknown): boolean => Number.isInteger(value) && Number(value) >= least;

/** Whether a value is a whole request: one that a person writes into Temporal's UI may lack fields, or have others. */
export function isRunRequest(value: unknown): value is RunRequest {
  const { selection, reset, batchSize, maxRetries, concurrency, maxCostNanos, onBlocked } = (value ??
    {}) as Partial<RunRequest>;
  const { kind, ids } = (selection ?? {}) as { kind?: unknown; ids?: unknown };
  return (
    (kind === 'all' || kind === 'failed' || (kind === 'ids' && typeof ids === 'string')) &&
    typeof reset === 'boolean' &&
    atLeast(1, batchSize) &&
    atLeast(0, maxRetries) &&
    atLeast(1, concurrency) &&
    (maxCostNanos === null || atLeast(0, maxCostNanos)) &&
    (onBlocked === 'wait' || onBlocked === 'fail')
  );
}

/** What a schedule asks for, each time. */
export interface ScheduledRun {
  schedule: string;
  request: RunRequest;
  /** The run's title and description (Markdown) in the Web UI. */
  summary: string;
  details: string;
  /** Search attributes that its runs are started with; none where Temporal does not know ours. */
  attributes?: readonly InitialAttribute[];
}

/** What became of one firing that did not fail. `totals` null: nothing is known of them here. */
export interface ScheduledOutcome {
  outcome: 'completed' | 'cancelled' | 'skipped';
  runId: string | null;
  /** One sentence unless it completed. */
  reason: string | null;
  totals: Totals | null;
}

export type RunState =
  | 'planning'
  | 'running'
  | 'throttled'
  | 'paused'
  | 'blocked'
  | 'completed'
  | 'cancelled'
  | 'failed';

/** The run goes on once a person has said so. */
export const waitsForAPerson = ({ state }: { state: string | null }): boolean =>
  state === 'paused' || state === 'blocked';

/** Nothing follows. */
export const isOver = ({ state }: { state: string }): boolean =>
  state === 'completed' || state === 'cancelled' || state === 'failed';

/** Why a sample or a run failed. The strings travel in ApplicationFailure.type and in `embedding_failures.reason`. */
export const FailureType = {
  /** Passes by itself: 408, 409, 425, 5xx, 52x, connection faults, deadlines. Retried by Temporal. */
  Transient: 'Transient',
  /** 429. Not a failure of the batch: the run's gate closes and the batch is sent again. */
  RateLimited: 'RateLimited',
  /** The provider or the model's limits refuse this input: 400, 413, too many tokens. */
  Rejected: 'Rejected',
  /** Nobody's input will pass: bad key, no credit, model gone, store unusable. */
  Blocked: 'Blocked',
  /** An answer that must not be stored: wrong count, length, index, NaN, all zero, not JSON. */
  InvalidResponse: 'InvalidResponse',
  /** With a cap on cost: the batch may cost more than was reserved for it; it is sent once that is reserved. */
  Outgrown: 'Outgrown',
  /** The row left the catalog between planning and embedding. */
  Deleted: 'Deleted',
  /** The catalog's database cannot give the row: a cast in a view, a broken byte. */
  Unreadable: 'Unreadable',
} as const;
export type FailureType = (typeof FailureType)[keyof typeof FailureType];

/** Samples that failed for one reason, for people to look at: the store has them all. */
export interface FailureNote {
  reason: string;
  count: number;
  /** The last few. */
  ids: number[];
  /** The last one's; it may be a provider's own words. */
  message: string;
}

/**
 * Search attributes that a run keeps up to date for lists in Temporal. Only a run that was started with them does:
 * Temporal then knows them, while an update of one that it does not know would hold the run up for ever.
 */
export const RunAttributes = {
  state: { name: 'EmbeddingsState', type: 'KEYWORD' },
  /** 0 to 100, one decimal. */
  percent: { name: 'EmbeddingsPercent', type: 'DOUBLE' },
  costUsd: { name: 'EmbeddingsCostUsd', type: 'DOUBLE' },
  failed: { name: 'EmbeddingsFailed', type: 'INT' },
  model: { name: 'EmbeddingsModel', type: 'KEYWORD' },
} as const;

/** What a run is started with so that it keeps them up to date; as the SDK's typed pairs, in plain JSON. */
export type InitialAttribute = {
  [Name in keyof typeof RunAttributes]: { key: (typeof RunAttributes)[Name]; value: string | number };
}[keyof typeof RunAttributes];

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
  /** Answered requests whose cost neither the provider nor a price tells: `costNanos` is without them. Absent: none. */
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

/** Up to `batchSize` samples, as ids in the compact form of `--sample-ids`. */
export interface BatchPlan {
  id: string;
  ids: string;
  count: number;
  /** Upper bound of its tokens: reserved against `--max-cost` before it is sent. */
  tokensBound: number;
  /** Nanodollars reserved for it where its tokens do not say: what it cost so far, and what it may cost yet. */
  reserveNanos?: number;
  /** Of `reserveNanos`, what its attempts so far may have cost. */
  spentNanos?: number;
  /** Sent before and given back: what it may have cost stays reserved. */
  begun?: boolean;
  /** Times it was given back because its worker vanished; bounded, so that a batch that kills workers ends. */
  lost?: number;
  /** Tries that failed in activities which ended without a result: the next activity has so many fewer. */
  tries?: number;
  /** Times the provider answered 429 to it; bounded likewise. */
  limited?: number;
  /** How many batches had passed when it last met a 429. */
  limitedAt?: number;
  /** Its retries are used up: find the samples at fault by halving, once a canary request has passed. */
  isolate?: boolean;
  /** How many batches had passed when its retries were used up. */
  passedBefore?: number;
}

/** Settings that every batch of a run shares, fixed by preflight so that workers with other settings agree. */
export interface RunPlan {
  runId: string;
  /** ISO time, UTC: fences late writers of older runs. */
  startedAt: string;
  model: string;
  dimensions: number;
  /** Nanodollars a token; null when no price is known. */
  nanosPerToken: number | null;
  /** Whether the provider itself lists that price: then it can be told to charge no more. */
  priceIsListed?: boolean;
  batchSize: number;
  reset: boolean;
  /** Samples that the selection holds, as counted before planning: for progress bars. */
  expected: number;
}

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
  /** Requests this worker may have in flight from now on. */
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
  /** Answered requests whose cost nobody tells; absent: none. */
  unpriced?: number;
  /** The dearest price that its answers state, nanodollars a token; null or absent: none states one. */
  nanosPerToken?: number | null;
  /** Texts that the provider takes a request, as the worker has learned; absent: nothing learned. */
  maxInputs?: number;
  /** Why, where some failed. */
  failures?: FailureNote[];
}

/** What the store holds of a run: its money by the ledger, and what its batches have written by now. */
export interface RunBooks {
  requests: number;
  tokens: number;
  costNanos: number;
  uncertainNanos: number;
  unpriced: number;
  stored: number;
  copied: number;
  failed: number;
}

/** What a run tells the store of itself. `sequence` rises: an older word never replaces a newer one. */
export interface RunRecord extends RunProgress {
  /** Absent in runs that began before version 0.2. */
  sequence?: number;
}

/** Rows that the store holds: of this run, and in all. */
export interface StoredCount {
  byRun: number;
  all: number;
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
  /** How many samples planning will find, about; `totals.selected` once it has found them. */
  expected: number;
  /** True once the whole selection has been planned, so that `selected` is final. */
  planned: boolean;
  inFlight: number;
  window: number;
  /** Requests a minute that a worker has learned from 429s; null: it keeps to no pace of its own. */
  pacePerMinute: number | null;
  /** What attempts without an answer may have cost besides `totals.costNanos`, at most. */
  uncertainNanos: number;
  /** The run waits, and its figures are the store's; absent: they are counted from the batches that are done. */
  booked?: true;
  /** Texts that the provider takes a request, where refusals have shown that it is less than a batch; else absent. */
  maxInputs?: number;
  startedAt: string;
  updatedAt: string;
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

export const Messages = {
  progress: 'progress',
  pause: 'pause',
  resume: 'resume',
  goOn: 'goOn',
} as const;

/** `maxCostNanos` left out: the cap stays as it is; null: no cap. */
export interface ResumeOptions {
  maxCostNanos?: number | null;
}

/** `resume` as a signal: durable also while no worker is up. `alsoPaused`: end a person's pause too. */
export interface GoOnOptions extends ResumeOptions {
  alsoPaused: boolean;
}

const essence = ({ selection, reset, prune = false }: RunRequest): string =>
  JSON.stringify([selection, reset, prune]);

/** Two requests are the same run when all of this agrees; how fast and how patient may differ, and who asked. */
export const sameRequest = (a: RunRequest, b: RunRequest): boolean => essence(a) === essence(b);

/** `all samples`, `samples 1,5,10-20`, for sentences and summaries. */
export function describeSelection({
  selection,
  reset,
  prune = false,
}: Pick<RunRequest, 'selection' | 'reset' | 'prune'>): string {
  const anew = `${reset ? ', anew' : ''}${prune ? ', pruning' : ''}`;
  if (selection.kind === 'all') return `all samples${anew}`;
  if (selection.kind === 'failed') return `the samples that failed${anew}`;
  const ids = selection.ids.length > 60 ? `${selection.ids.slice(0, 59)}…` : selection.ids;
  return `samples ${ids}${anew}`;
}
