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
  /** What belongs to no run is `search` or `doctor`. */
  operation: 'embeddings' | 'search' | 'doctor';
  /** Upper bound in nanodollars of what the request may cost; null when the price is unknown. */
  boundNanos: number | null;
  /** Upper bound of its tokens: should answers show a dearer price, the bound of a lost one follows. Absent: unknown. */
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
   * The most that the attempt may have cost in all, in nanodollars; null: nobody knows. For a settled attempt its cost,
   * or more where that cost is not believed. Absent: 0 for a failed attempt, else as it was opened.
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

/** The same text bought before: its vector is copied from whichever row holds the hash. */
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
  /** Of `vectors` and `copies`, samples embedded with fields left out; added to the run's `noted` once. */
  notedDelta: number;
}

/** What the ledger holds for one batch: the truth its activity reports, also when a retry finds the work done. */
export interface BatchAccount {
  requests: number;
  tokens: number;
  costNanos: number;
  /** What attempts that are unanswered, or of unknown cost, may have cost besides, at most. */
  uncertainNanos: number;
  /** Answered requests whose cost nobody tells. */
  unpriced: number;
  /** The dearest price among the batch's attempts, in nanodollars a token; null: none states cost and tokens. */
  nanosPerToken: number | null;
}

export interface CommitResult {
  account: BatchAccount;
  /** Samples of `vectors` and `copies` that were not written: a commit with a newer fence has written their row. */
  superseded: number[];
}

/** What the ledger holds for one run, its open attempts included. */
export type RunMoney = Omit<BatchAccount, 'nanosPerToken'>;

/** A run's money, and how many samples its batches have stored and failed by now, also those that are not done. */
export interface RunBooks extends RunMoney {
  stored: number;
  copied: number;
  failed: number;
}

export interface Claim {
  /** Fencing token for the commits of this claim: greater than every one given out before, in any process. */
  fence: number;
  /** Rows already there for the batch's ids. */
  stored: StoredRow[];
  /** Hashes (of those asked for) that the store holds, as a row or as a kept vector: copy, do not buy. */
  available: Set<string>;
  /** Hashes that another attempt, of any run, is buying right now: wait with `stillPending`, then claim again. */
  pendingElsewhere: Set<string>;
  /** Samples that this run has written down as failed, by id. */
  refused: Map<number, FailureRow>;
  /** How many ms ago, by the store's clock, the youngest attempt was opened that this claim gave up on; null: none. */
  gaveUpAgoMs: number | null;
}

/** A batch that waits for texts: its own attempts do not count. `onlyRun`: as its claim had it. */
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
  /** Of its requests; null or absent: it has opened none. */
  model?: string | null;
  state: string;
  reason: string | null;
  totals: Totals;
  /** How many samples planning will find, about; absent or null: an older version did not tell. */
  expected?: number | null;
  /** The generation that it writes; null or absent: an older version did not tell. */
  generation?: number | null;
  startedAt: string;
  updatedAt: string;
}

/** Who a store is, wherever it lies. */
export interface StoreIdentity {
  /** Made with its tables, 16 hexadecimal digits; it never changes. */
  id: string;
  /** Whose vectors it holds; null: no run has asked yet. */
  collection: string | null;
}

/** The vectors of one recipe, in tables of their own. Search reads the active one. */
export interface Generation {
  /** From 1 on; never given again. */
  number: number;
  /** A trial holds some samples only; nothing is kept up to date in it. */
  state: 'trial' | 'building' | 'active' | 'retired';
  /** Null: not known in full; the first run of a store that an older version made, or of a new one, says it. */
  recipe: Recipe | null;
  /** What another program has made unreadable, as words for a sentence: `has no readable words …`; null: nothing. */
  damage: string | null;
  /** Of a store that an older version made, what most of its rows are of; null: none says. */
  model: string | null;
  /** Numbers of a stored vector, the first ones of what was bought; null: not known yet. */
  dimensions: number | null;
  form: NumberForm;
  /** The generation whose vectors it was made of; null: it is bought. */
  source: number | null;
  /** It is the active one, and holds no vector. */
  isEmpty: boolean;
  /** What the configuration said when it became active; null: it has been from the start. */
  declared: Recipe | null;
  createdAt: string;
  /** When it last became active; null: never. */
  activatedAt: string | null;
}
