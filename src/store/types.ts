import type { Totals } from '../contract.js';
import type { AttemptReads } from './attempt-reads.js';
import type { CatalogShapeStore } from './catalog-shape.js';
import type { Prune } from './prune.js';
import type { ReportReads } from './report-reads.js';
import type { SampleReads } from './sample-reads.js';
import type { SearchReads } from './search-reads.js';
import type { Usage, UsageGrouping } from './usage.js';
import type { VerifyLedger } from './verify-ledger.js';
import type { VerifyReads } from './verify-reads.js';

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
export interface CopyRow {
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
  state: string;
  reason: string | null;
  totals: Totals;
  /** How many samples planning will find, about; absent or null: an older version did not tell. */
  expected?: number | null;
  startedAt: string;
  updatedAt: string;
}

export interface Store
  extends VerifyReads,
    VerifyLedger,
    AttemptReads,
    Prune,
    SearchReads,
    SampleReads,
    ReportReads,
    CatalogShapeStore {
  /** Creates or upgrades every table, adopting a table the old script made; a foreign one throws a Fault and stays untouched. */
  migrate(): Promise<void>;
  /** What is stored for these ids. */
  storedRows(ids: readonly number[]): Promise<StoredRow[]>;
  /** Marks rows of the old script as up to date, without paying: sets hash and model where content_hash is still NULL. */
  adopt(rows: readonly { sampleId: number; contentHash: string; model: string }[]): Promise<void>;
  /**
   * Opens the attempt (one with the same requestId is updated), gives up the other pending attempts of its batch and
   * those of other runs whose lease has expired (they become uncertain), then looks: one transaction. The attempt's
   * lease is renewed until it is settled or withdrawn, or the store is closed. `onlyRun`: only vectors that this run
   * bought count as available (for `reset`).
   */
  claim(attempt: Attempt, sampleIds: readonly number[], options?: { onlyRun?: string }): Promise<Claim>;
  /**
   * Only reads. True while every one of these hashes is being bought by another attempt and the store holds none of
   * them; else it is time to claim again. False for no hashes.
   */
  stillPending(hashes: readonly string[], waiter: Waiter): Promise<boolean>;
  /**
   * A fencing token for a commit without a claim. `batch`: gives up the pending attempts of that batch as a claim does,
   * so that nobody waits for texts which it does not buy any more.
   */
  fence(batch?: { runId: string; batchId: string }): Promise<number>;
  /**
   * Opens attempts, or narrows those that are pending under the same requestId; one transaction, without looking.
   * Throws, with nothing changed, where one of them was given up meanwhile: claim again.
   */
  openAttempts(attempts: readonly Attempt[]): Promise<void>;
  /** Removes pending attempts that were never sent. */
  withdraw(requestIds: readonly string[]): Promise<void>;
  /**
   * All of it in one transaction, or nothing; repeating it changes nothing. Throws when a copy's original has gone:
   * claim again. Rows with a greater fence stay, and a failure of a sample that was stored under a greater fence or by
   * this run is not recorded. Where the database refuses the rows for good (constraint, trigger, vector index) it
   * throws a Fault; the settlements are written all the same and the vectors are kept until they can be stored.
   */
  commit(batch: BatchCommit): Promise<CommitResult>;
  /**
   * Writes one row through every statement of a purchase and rolls it back. Throws a Fault with the cure where the
   * database refuses it. `dimensions`: of the vectors to come.
   */
  probeWrite(probe: { sampleId: number; dimensions: number; model: string }): Promise<void>;
  /** What the ledger holds for one batch. */
  accountBatch(runId: string, batchId: string): Promise<BatchAccount>;
  failuresOf(ids: readonly number[]): Promise<FailureRow[]>;
  /** Failures in ascending id order, ids > after. */
  listFailures(page: { after: number | null; limit: number }): Promise<FailureRow[]>;
  countFailures(): Promise<number>;
  /** Removes failures of ids in (after, upTo] that the catalog no longer holds. */
  forgetFailures(ids: readonly number[]): Promise<void>;
  /**
   * Creates or updates the run's row. Its requests, tokens and cost are the ledger's, not those of `totals`; its other
   * counts only rise. State and reason change only by a word of the same or a later `sequence`, and never once the
   * state is final (completed, cancelled, failed). Returns the run's money.
   */
  saveRun(run: Omit<RunRow, 'updatedAt'> & { sequence: number }): Promise<RunBooks>;
  /** How many rows the store holds, and how many of them this run has written. */
  countStored(runId: string): Promise<{ byRun: number; all: number }>;
  /** The newest run, or that one. Null: none yet. Also null when the tables are not there yet. */
  latestRun(runId?: string): Promise<RunRow | null>;
  /** The newest runs that a schedule started, newest first; none where the tables are not there yet. */
  runsOfSchedule(schedule: string, limit: number): Promise<RunRow[]>;
  /** The ledger added up: the newest `limit` groups and the total. Null where there is no ledger yet. */
  usage(by: UsageGrouping, page: { limit: number }): Promise<Usage | null>;
  countVectors(): Promise<number>;
  close(): Promise<void>;
}
