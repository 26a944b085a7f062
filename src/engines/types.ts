import type { NumberForm, Recipe } from '../contract/generation.js';
import type { Totals } from '../contract/progress.js';

export type { NumberForm, Recipe } from '../contract/generation.js';

/** What the store knows of one sample's vector. `source` is given only for rows the old script stored (no hash yet). */
export interface StoredRow {
  sampleId: number;
  contentHash: string | null;
  runId: string | null;
  /** Length of the stored vector in bytes (4 × dimensions). */
  vectorBytes: number;
  source: string | null;
}

export interface FailureRow {
  sampleId: number;
  reason: string;
  message: string;
  /** Hash of the text that failed; a permanent rejection is not sent again while it stays the same. */
  contentHash: string | null;
  permanent: boolean;
  attempts: number;
  runId: string;
  failedAt: string;
}

/** One row of `api_usage` as it is opened, before its request is sent. */
export interface Attempt {
  requestId: string;
  runId: string;
  batchId: string;
  model: string;
  /** `search` and `doctor` belong to no run. */
  operation: 'embeddings' | 'search' | 'doctor';
  /** Upper bound in nanodollars of what the request may cost; null when the price is unknown. */
  boundNanos: number | null;
  /** Upper bound of its tokens: if answers show a higher price, a lost attempt's cost bound rises. Absent: unknown. */
  boundTokens?: number;
  /** Hashes of the texts it buys. While it is pending and its lease has not expired, nobody else buys them. */
  hashes: readonly string[];
}

/** How an attempt ended. `costNanos` null: unknown (never 0 for unknown). `costSource` says where the figure is from. */
export interface Settlement {
  requestId: string;
  status: 'settled' | 'failed' | 'uncertain';
  tokens: number | null;
  costNanos: number | null;
  costSource: 'provider' | 'price' | 'unknown';
  /**
   * Upper bound of the attempt's whole cost in nanodollars; null: unknown. For a settled attempt: its cost, or more if
   * the stated cost is not trusted. Absent: 0 for a failed attempt, otherwise the bound it was opened with.
   */
  boundNanos?: number | null;
  /** Anything worth keeping: provider's id, HTTP status, latency, cache hit. Stored as JSON in extra_metadata. */
  metadata?: Record<string, unknown>;
}

export interface VectorRow {
  sampleId: number;
  text: string;
  contentHash: string;
  /** Little-endian float32, 4 × dimensions bytes. */
  vector: Uint8Array;
}

/** A text that was bought before: its vector is copied from a row with the same hash. */
interface CopyRow {
  sampleId: number;
  text: string;
  contentHash: string;
}

/** What one batch changed, written in ONE transaction. Clears the older failures of every sample it stores. */
export interface BatchCommit {
  runId: string;
  batchId: string;
  model: string;
  /** When the run began, ISO time, UTC: written for versions before 0.2, which fence by it. */
  runStartedAt: string;
  /** Fencing token of the claim (or of `fence()`): rows and failures with a greater one are not changed. */
  fence: number;
  vectors: readonly VectorRow[];
  copies: readonly CopyRow[];
  failures: readonly Omit<FailureRow, 'runId' | 'failedAt'>[];
  settlements: readonly Settlement[];
  /** Ledger rows to open in the same transaction: the halves of a request that was refused. */
  opens?: readonly Attempt[];
  /** Number of samples in `vectors` and `copies` embedded with fields left out; added to the run's `noted` once. */
  notedDelta: number;
}

/** What the ledger holds for one batch. Its activity reports these figures, also when a retry finds the work done. */
export interface BatchAccount {
  requests: number;
  tokens: number;
  costNanos: number;
  /** Upper bound of what attempts without an answer, or of unknown cost, may have cost in addition. */
  uncertainNanos: number;
  /** Answered requests of unknown cost. */
  unpriced: number;
  /** The highest price among the batch's attempts, nanodollars per token; null: none states cost and tokens. */
  nanosPerToken: number | null;
}

export interface CommitResult {
  account: BatchAccount;
  /** Samples of `vectors` and `copies` that were not written: a commit with a newer fence has written their row. */
  superseded: number[];
}

/** What the ledger holds for one run, its open attempts included. */
export type RunMoney = Omit<BatchAccount, 'nanosPerToken'>;

/** A run's money, and how many samples its batches have stored and failed so far, unfinished batches included. */
export interface RunBooks extends RunMoney {
  stored: number;
  copied: number;
  failed: number;
}

export interface Claim {
  /** Fencing token for the commits of this claim: greater than every earlier token of any process. */
  fence: number;
  /** Rows already there for the batch's ids. */
  stored: StoredRow[];
  /** Hashes (of those asked for) that the store holds, as a row or as a kept vector: copy them, do not buy them. */
  available: Set<string>;
  /** Hashes that another attempt, of any run, is buying right now: wait with `stillPending`, then claim again. */
  pendingElsewhere: Set<string>;
  /** Samples that this run has recorded as failed, by id. */
  refused: Map<number, FailureRow>;
  /** Age in ms, by the store's clock, of the batch's newest attempt that this claim gave up; null: none. */
  gaveUpAgoMs: number | null;
}

/** A batch that waits for texts; its own attempts do not count. `onlyRun`: the value of its claim. */
export interface Waiter {
  runId: string;
  batchId: string;
  onlyRun?: string;
}

export interface RunRow {
  runId: string;
  workflowId: string;
  /** The RunRequest as JSON. */
  request: string;
  /** Model of its requests; null or absent: it has opened none. */
  model?: string | null;
  state: string;
  reason: string | null;
  totals: Totals;
  /** Estimated number of samples that planning will find; absent or null: an older version did not record it. */
  expected?: number | null;
  /** The generation that it writes; null or absent: an older version did not record it. */
  generation?: number | null;
  startedAt: string;
  updatedAt: string;
}

/** Identity of a store, independent of its address. */
export interface StoreIdentity {
  /** 16 hexadecimal digits, created with the tables; never changes. */
  id: string;
  /** The collection whose vectors it holds; null: no run has claimed the store yet. */
  collection: string | null;
}

/** The vectors of one recipe, in tables of their own. Search reads the active one. */
export interface Generation {
  /** Counts from 1; a number is never reused. */
  number: number;
  /** A trial holds only some samples and is not kept up to date. */
  state: 'trial' | 'building' | 'active' | 'retired';
  /** Null: not fully known; the first run of a new store, or of one made by an older version, records it. */
  recipe: Recipe | null;
  /** What another program has made unreadable, phrased for a sentence: `has no readable words …`; null: nothing. */
  damage: string | null;
  /** In a store made by an older version: the model of most rows; null: no row states one. */
  model: string | null;
  /** Numbers in a stored vector: the first ones of the bought vector; null: not known yet. */
  dimensions: number | null;
  form: NumberForm;
  /** The generation whose vectors it is computed from; null: its vectors are bought. */
  source: number | null;
  /** True if it is active and holds no vector. */
  isEmpty: boolean;
  /** The configuration's recipe when it became active; null: it was active from the start. */
  declared: Recipe | null;
  createdAt: string;
  /** When it last became active; null: never. */
  activatedAt: string | null;
}
