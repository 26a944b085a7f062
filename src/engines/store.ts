import type { AttemptReads } from './libsql/attempt-reads.js';
import type { CatalogShapeStore } from './libsql/catalog-shape.js';
import type { Generations } from './libsql/generations/generations.js';
import type { Identity } from './libsql/identity.js';
import type { Probe } from './libsql/probe.js';
import type { Prune } from './libsql/prune.js';
import type { ReportReads } from './libsql/report-reads.js';
import type { SampleReads } from './libsql/sample-reads.js';
import type { SearchReads } from './libsql/search-reads.js';
import type { SearchSpending } from './libsql/search-spending.js';
import type { SendLimits } from './libsql/send-limits.js';
import type { SourceKeys } from './libsql/source-keys.js';
import type { Usage, UsageGrouping } from './libsql/usage.js';
import type { VectorReads } from './libsql/vector-reads.js';
import type { VerifyLedger } from './libsql/verify-ledger.js';
import type { VerifyReads } from './libsql/verify-reads.js';
import type {
  Attempt,
  BatchAccount,
  BatchCommit,
  Claim,
  CommitResult,
  FailureRow,
  RunBooks,
  RunRow,
  StoredRow,
  Waiter,
} from './types.js';

export interface Store
  extends VerifyReads,
    VerifyLedger,
    AttemptReads,
    Prune,
    SearchReads,
    SearchSpending,
    SampleReads,
    VectorReads,
    ReportReads,
    CatalogShapeStore,
    Identity,
    SendLimits,
    SourceKeys,
    Generations {
  /**
   * Returns the same store limited to one generation, active or not: it reads and writes the vectors, failures and
   * words of that generation. Null: the generation that is active at each call, as for the store itself.
   */
  of(generation: number | null): Store;
  /** Creates or upgrades every table, and adopts the old script's. Throws a Fault for a foreign one, left unchanged. */
  migrate(): Promise<void>;
  /** Returns what is stored for these ids. */
  storedRows(ids: readonly number[]): Promise<StoredRow[]>;
  /** Marks rows of the old script as up to date, without paying: sets hash and model where content_hash is still NULL. */
  adopt(rows: readonly { sampleId: number; contentHash: string; model: string }[]): Promise<void>;
  /**
   * Opens the attempt, or updates the one with the same requestId. Gives up the other pending attempts of its batch,
   * and those of other runs whose lease has expired: they become uncertain. Then reads what is stored; all in one
   * transaction. The lease is renewed until the attempt is settled or withdrawn, or the store is closed. `onlyRun`:
   * only vectors that this run bought count as available (for `reset`).
   */
  claim(attempt: Attempt, sampleIds: readonly number[], options?: { onlyRun?: string }): Promise<Claim>;
  /**
   * Returns true while other attempts are buying all of these hashes and the store holds none of them; otherwise claim
   * again. Returns false for no hashes. Only reads.
   */
  stillPending(hashes: readonly string[], waiter: Waiter): Promise<boolean>;
  /**
   * Returns a fencing token for a commit without a claim. `batch`: gives up the pending attempts of that batch, as a
   * claim does, so that no other batch waits for texts that this batch no longer buys.
   */
  fence(batch?: { runId: string; batchId: string }): Promise<number>;
  /**
   * Opens attempts, or narrows pending ones with the same requestId, in one transaction, without reading what is
   * stored. Throws, and changes nothing, if one of them was given up meanwhile: claim again.
   */
  openAttempts(attempts: readonly Attempt[]): Promise<void>;
  /**
   * Returns whether the attempt is still open and this process's: ask before sending it. Reads the store only if this
   * process stood still meanwhile, as when it was stopped or the machine slept; others may be buying its texts since.
   */
  holdsAttempt(requestId: string): Promise<boolean>;
  /** Removes pending attempts that were never sent. */
  withdraw(requestIds: readonly string[]): Promise<void>;
  /**
   * Commits the batch in one transaction; idempotent. Throws if the original of a copy is gone: claim again. Rows with
   * a greater fence are not changed. A failure is not recorded if its sample was stored under a greater fence or by
   * this run. Throws a Fault if the database refuses the rows permanently (constraint, trigger, vector index); the
   * settlements are still written, and the vectors are kept until they can be stored.
   */
  commit(batch: BatchCommit): Promise<CommitResult>;
  /**
   * Runs every statement of a purchase for one row and rolls it back. Throws a Fault with the cure if the database
   * refuses it.
   */
  probeWrite(probe: Probe): Promise<void>;
  /** Returns what the ledger holds for one batch. */
  accountBatch(runId: string, batchId: string): Promise<BatchAccount>;
  /** Returns the highest price that answers of this run have shown, nanodollars per token; null: none has shown one. */
  dearestPrice(runId: string): Promise<number | null>;
  /** Throws a Fault if the opened file was deleted or replaced since. Fast: sends nothing to a server. */
  checkFile(): void;
  failuresOf(ids: readonly number[]): Promise<FailureRow[]>;
  /** Returns failures in ascending id order, ids > after. */
  listFailures(page: { after: number | null; limit: number }): Promise<FailureRow[]>;
  countFailures(): Promise<number>;
  /** Removes the failures of these ids, which the catalog no longer holds. */
  forgetFailures(ids: readonly number[]): Promise<void>;
  /**
   * Creates or updates the run's row. Requests, tokens and cost come from the ledger, not from `totals`; the other
   * counts only rise until the state is final. State and reason change only if `sequence` is the same or later, and
   * never once the state is final (completed, cancelled, failed). Returns the run's money and counts.
   */
  saveRun(run: Omit<RunRow, 'updatedAt' | 'model'> & { sequence: number }): Promise<RunBooks>;
  /** Counts all rows of the store, and those that this run has written. */
  countStored(runId: string): Promise<{ byRun: number; all: number }>;
  /** Returns the newest run, or the run with this id. Null if there is none yet, or if the tables do not exist yet. */
  latestRun(runId?: string): Promise<RunRow | null>;
  /**
   * Returns the newest run that is not over; with `generation`, the newest that writes it. Null if there is none, or if
   * the tables do not exist yet.
   */
  openRun(generation?: number): Promise<RunRow | null>;
  /** Returns what the run's attempts may have cost beyond what is settled; 0 if the ledger is of an older version. */
  uncertainNanosOf(runId: string): Promise<number>;
  /** Returns the newest runs that a schedule started, newest first; none if the tables do not exist yet. */
  runsOfSchedule(schedule: string, limit: number): Promise<RunRow[]>;
  /** Returns the totals of the ledger: the newest `limit` groups and the sum of all. Null if there is no ledger yet. */
  usage(by: UsageGrouping, page: { limit: number }): Promise<Usage | null>;
  countVectors(): Promise<number>;
  close(): Promise<void>;
}
