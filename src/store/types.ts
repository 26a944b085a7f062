import type { Totals } from '../contract.js';
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
  operation: 'embeddings' | 'search';
  /** Upper bound in nanodollars of what the request may cost; null when the price is unknown. */
  boundNanos: number | null;
  /** Hashes of the texts it buys. While it is pending nobody else buys them. */
  hashes: readonly string[];
}

/** How an attempt ended. `costNanos` null: unknown (never 0 for unknown). `costSource` says where the figure is from. */
export interface Settlement {
  requestId: string;
  status: 'settled' | 'failed' | 'uncertain';
  tokens: number | null;
  costNanos: number | null;
  costSource: 'provider' | 'price' | 'unknown';
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

/** What one batch changed, written in ONE transaction. Clears the failures of every sample it stores. */
export interface BatchCommit {
  runId: string;
  batchId: string;
  model: string;
  /** Fence: rows written by a run that started later than this are not overwritten. ISO time, UTC. */
  runStartedAt: string;
  vectors: readonly VectorRow[];
  copies: readonly CopyRow[];
  failures: readonly Omit<FailureRow, 'runId' | 'failedAt'>[];
  settlements: readonly Settlement[];
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
}

export interface Claim {
  /** Rows already there for the batch's ids. */
  stored: StoredRow[];
  /** Hashes (of those asked for) that some row of the store already holds: copy, do not buy. */
  available: Set<string>;
  /** Hashes that another pending attempt of the same run is buying right now: wait, then copy. */
  pendingElsewhere: Set<string>;
  /** Samples that this run has written down as refused for good, by id. */
  refused: Map<number, FailureRow>;
  /** Epoch ms at which the youngest attempt was opened that this claim gave up on; null: there was none. */
  gaveUpOn: number | null;
}

export interface RunRow {
  runId: string;
  workflowId: string;
  /** The RunRequest as JSON. */
  request: string;
  state: string;
  reason: string | null;
  totals: Totals;
  startedAt: string;
  updatedAt: string;
}

export interface Store
  extends VerifyReads,
    VerifyLedger,
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
   * Writes the attempt as pending (and marks older pending attempts of the same batch uncertain), then looks, all in
   * one transaction. `onlyRun`: only vectors that this run bought count as available (for `reset`).
   */
  claim(attempt: Attempt, sampleIds: readonly number[], options?: { onlyRun?: string }): Promise<Claim>;
  /** Writes a further pending attempt (a bisected half), without looking. */
  openAttempt(attempt: Attempt): Promise<void>;
  /** Removes a pending attempt that was never sent. */
  withdraw(requestId: string): Promise<void>;
  /**
   * All of it in one transaction, or nothing; repeating it changes nothing. Throws when a copy's original has gone:
   * claim again. A later run's rows stay, and a failure of a sample that is stored by then is not recorded. Returns
   * what the ledger holds for the batch afterwards.
   */
  commit(batch: BatchCommit): Promise<BatchAccount>;
  /** What the ledger holds for one batch. */
  accountBatch(runId: string, batchId: string): Promise<BatchAccount>;
  /** Which of these hashes the store holds now. */
  availableHashes(hashes: readonly string[]): Promise<Set<string>>;
  failuresOf(ids: readonly number[]): Promise<FailureRow[]>;
  /** Failures in ascending id order, ids > after. */
  listFailures(page: { after: number | null; limit: number }): Promise<FailureRow[]>;
  countFailures(): Promise<number>;
  /** Removes failures of ids in (after, upTo] that the catalog no longer holds. */
  forgetFailures(ids: readonly number[]): Promise<void>;
  /** Creates or replaces the run's row; called at start, by planning and at the end with absolute totals. */
  saveRun(run: Omit<RunRow, 'updatedAt'>): Promise<void>;
  /** The newest run, or that one. Null: none yet. Also null when the tables are not there yet. */
  latestRun(runId?: string): Promise<RunRow | null>;
  /** The newest runs that a schedule started, newest first; none where the tables are not there yet. */
  runsOfSchedule(schedule: string, limit: number): Promise<RunRow[]>;
  /** The ledger added up: the newest `limit` groups and the total. Null where there is no ledger yet. */
  usage(by: UsageGrouping, page: { limit: number }): Promise<Usage | null>;
  countVectors(): Promise<number>;
  close(): Promise<void>;
}
