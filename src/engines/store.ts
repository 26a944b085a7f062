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
   * The same store over one generation, whether it is active or not: what is read and written of vectors, failures and
   * words is its own. Null: over whichever is active at each call, as the store itself is.
   */
  of(generation: number | null): Store;
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
   * database refuses it.
   */
  probeWrite(probe: Probe): Promise<void>;
  /** What the ledger holds for one batch. */
  accountBatch(runId: string, batchId: string): Promise<BatchAccount>;
  /** The dearest price that answers of this run have shown, nanodollars a token; null: none has shown one. */
  dearestPrice(runId: string): Promise<number | null>;
  /** Throws a Fault where the file that was opened was deleted or replaced since. Quick: a server is not asked. */
  checkFile(): void;
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
  saveRun(run: Omit<RunRow, 'updatedAt' | 'model'> & { sequence: number }): Promise<RunBooks>;
  /** How many rows the store holds, and how many of them this run has written. */
  countStored(runId: string): Promise<{ byRun: number; all: number }>;
  /** The newest run, or that one. Null: none yet. Also null when the tables are not there yet. */
  latestRun(runId?: string): Promise<RunRow | null>;
  /** The newest run, or the newest that writes that generation, that is not over; null: none, or the tables are not there yet. */
  openRun(generation?: number): Promise<RunRow | null>;
  /** What the run's attempts may have cost besides what is settled; 0 where the ledger is of an older version. */
  uncertainNanosOf(runId: string): Promise<number>;
  /** The newest runs that a schedule started, newest first; none where the tables are not there yet. */
  runsOfSchedule(schedule: string, limit: number): Promise<RunRow[]>;
  /** The ledger added up: the newest `limit` groups and the total. Null where there is no ledger yet. */
  usage(by: UsageGrouping, page: { limit: number }): Promise<Usage | null>;
  countVectors(): Promise<number>;
  close(): Promise<void>;
}
