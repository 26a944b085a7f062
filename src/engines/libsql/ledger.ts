import type { InStatement, ResultSet } from '@libsql/client';
import type { Attempt, BatchAccount, Claim, RunBooks, RunMoney, Waiter } from '../types.js';
import { LEASED, NOW_ISO, NOW_MS, OPENED_AGO_MS } from './clock.js';
import type { StoreConnection } from './connection.js';
import { NEXT_FENCE } from './fence.js';
import type { GenerationScope } from './generations/scope.js';
import { availableHashesSql, selectAvailable } from './kept.js';
import type { Leases } from './leases.js';
import { ACCOUNT, amount, metadataField, PRICE } from './money.js';
import { withRefusalFault } from './refusal.js';
import { failureRow, idList, STORED_COLUMNS, storedRow } from './rows.js';

/** Pending, or given up: there is no settlement, which would state a cost source. */
const UNANSWERED = `(status = 'pending' OR (status = 'uncertain' AND ${metadataField('cost_source')} IS NULL))`;

/** New status of an attempt that is already in the ledger. NULL, which the column refuses, rolls everything back. */
const AGAIN = {
  /** Nothing has been sent under it yet: a claim opens it again. */
  claimed: `CASE WHEN ${UNANSWERED} THEN 'pending' END`,
  /** Once it was given up, another attempt may be buying its texts. */
  opened: "CASE WHEN status = 'pending' THEN status END",
  /** Repeating a commit changes nothing. */
  committed: 'status',
};

interface Opening {
  leaseMs: number;
  /** The generation that its vectors are for. */
  generation: number;
  /** What happens if the requestId exists already, as after a lost answer. */
  again: keyof typeof AGAIN;
}

/** Opens an attempt. */
export const open = (attempt: Attempt, { leaseMs, generation, again }: Opening): InStatement => ({
  sql: `INSERT INTO api_usage
    (request_id, run_id, batch_id, model, operation, status, created_at, bound_nanos, extra_metadata, text_hashes, lease_until,
      generation)
    VALUES (?1, ?2, ?3, ?4, ?5, 'pending', ${NOW_ISO}, ?6,
      json_patch(json_object('bound_nanos', ?6), json_object('bound_tokens', ?9)), ?7, ${NOW_MS} + ?8, ?10)
    ON CONFLICT (request_id) DO UPDATE SET status = ${AGAIN[again]}, settled_at = NULL, bound_nanos = excluded.bound_nanos,
      extra_metadata = excluded.extra_metadata, text_hashes = excluded.text_hashes, lease_until = excluded.lease_until
      ${again === 'committed' ? "WHERE status = 'pending'" : ''}`,
  args: [
    attempt.requestId,
    attempt.runId,
    attempt.batchId,
    attempt.model,
    attempt.operation,
    amount(attempt.boundNanos),
    JSON.stringify(attempt.hashes),
    BigInt(leaseMs),
    amount(attempt.boundTokens),
    BigInt(generation),
  ],
});

/** Raises the bounds of a run's unanswered attempts to the highest price that its answers have shown since. */
export const raiseBounds = (runId: string): InStatement => ({
  sql: `UPDATE api_usage SET bound_nanos = MAX(bound_nanos, CAST(
      ${metadataField('bound_tokens')} * (SELECT ${PRICE} FROM api_usage WHERE run_id = ?1) + 0.5 AS INTEGER))
    WHERE run_id = ?1 AND status IN ('pending', 'uncertain') AND bound_nanos IS NOT NULL
      AND ${metadataField('bound_tokens')} * (SELECT ${PRICE} FROM api_usage WHERE run_id = ?1) > bound_nanos`,
  args: [runId],
});

/** Selects a run's money from the ledger, and what its batches have written. */
export const runBooks = (runId: string): InStatement[] => [
  runAccount(runId),
  {
    sql: `SELECT CAST(stored AS TEXT) AS stored, CAST(copied AS TEXT) AS copied, CAST(failed AS TEXT) AS failed
      FROM embedding_runs WHERE run_id = ?`,
    args: [runId],
  },
];

export const booksOf = (account: ResultSet | undefined, counts: ResultSet | undefined): RunBooks => {
  const row = counts?.rows[0];
  return {
    ...moneyOf(account),
    stored: Number(row?.stored ?? 0),
    copied: Number(row?.copied ?? 0),
    failed: Number(row?.failed ?? 0),
  };
};

const GIVE_UP = `UPDATE api_usage SET status = 'uncertain', settled_at = ${NOW_ISO}, text_hashes = NULL
  WHERE status = 'pending'`;
/** Attempts of a process that has died. A run's own attempts are left to their batch, which is retried. */
const ABANDONED = `(NOT ${LEASED} AND (run_id <> ?1 OR operation <> 'embeddings'))`;

/** Gives up attempts without an answer: their cost is unknown, and no batch waits for their texts any more. */
const giveUp = (runId: string, batchId: string, butNot: string): InStatement => ({
  sql: `${GIVE_UP} AND request_id <> ?3 AND ((run_id = ?1 AND batch_id = ?2) OR ${ABANDONED})
    RETURNING CASE WHEN run_id = ?1 AND batch_id = ?2 THEN ${OPENED_AGO_MS} END AS ago`,
  args: [runId, batchId, butNot],
});

const giveUpAbandoned = (runId: string): InStatement => ({
  sql: `${GIVE_UP} AND ${ABANDONED}`,
  args: [runId],
});

const TEXTS = "json_each(CASE WHEN json_valid(text_hashes) THEN text_hashes ELSE '[]' END) AS theirs";

/** Selects those of these texts that another attempt is buying, in SQL: a window's hashes are megabytes. */
const pendingElsewhere = ({ requestId, hashes }: Attempt): InStatement => ({
  sql: `SELECT DISTINCT theirs.value AS hash FROM api_usage, ${TEXTS}
    WHERE status = 'pending' AND request_id <> ?1 AND theirs.value IN (SELECT value FROM json_each(?2))`,
  args: [requestId, JSON.stringify(hashes)],
});

/** Selects what the ledger holds for one batch. */
export const account = (runId: string, batchId: string): InStatement => ({
  sql: `SELECT ${ACCOUNT}, ${PRICE} AS price FROM api_usage WHERE run_id = ? AND batch_id = ?`,
  args: [runId, batchId],
});

/** Selects what the ledger holds for one run. */
export const runAccount = (runId: string): InStatement => ({
  sql: `SELECT ${ACCOUNT} FROM api_usage WHERE run_id = ?`,
  args: [runId],
});

const moneyOf = (result: ResultSet | undefined): RunMoney => {
  const row = result?.rows[0];
  return {
    requests: Number(row?.requests ?? 0),
    tokens: Number(row?.tokens ?? 0),
    costNanos: Number(row?.cost ?? 0),
    uncertainNanos: Number(row?.uncertain ?? 0),
    unpriced: Number(row?.unpriced ?? 0),
  };
};

export const accountOf = (result: ResultSet | undefined): BatchAccount => {
  const price = result?.rows[0]?.price ?? null;
  return { ...moneyOf(result), nanosPerToken: price === null ? null : Number(price) };
};

const fenceOf = (result: ResultSet | undefined): number => Number(result?.rows[0]?.fence ?? 0);

const youngest = (ages: number[]): number | null =>
  ages.length === 0 ? null : Math.max(0, Math.min(...ages));

/** Creates the ledger's part of the store: attempts are opened, claimed, withdrawn and accounted for. */
export const createLedger = (connection: StoreConnection, scope: GenerationScope, leases: Leases) => ({
  async claim(
    attempt: Attempt,
    sampleIds: readonly number[],
    options: { onlyRun?: string } = {},
  ): Promise<Claim> {
    const { requestId, runId, batchId, hashes } = attempt;
    const [fence, gaveUp, , stored, available, pending, refused] = await leases.holding([requestId], () =>
      withRefusalFault(() =>
        scope.write(
          'claim',
          (tables) => [
            NEXT_FENCE,
            giveUp(runId, batchId, requestId),
            open(attempt, { leaseMs: leases.leaseMs, generation: tables.number, again: 'claimed' }),
            `SELECT ${STORED_COLUMNS} FROM ${tables.vectors} WHERE sample_id IN (${idList(sampleIds)})`,
            selectAvailable(tables, hashes, options.onlyRun),
            pendingElsewhere(attempt),
            {
              sql: `SELECT * FROM ${tables.failures} WHERE sample_id IN (${idList(sampleIds)}) AND run_id = ?`,
              args: [runId],
            },
          ],
          { unpaid: true },
        ),
      ),
    );
    const ages = (gaveUp?.rows ?? []).flatMap((row) => (row.ago === null ? [] : Number(row.ago)));
    return {
      fence: fenceOf(fence),
      stored: (stored?.rows ?? []).map(storedRow),
      available: new Set((available?.rows ?? []).map((row) => String(row.content_hash))),
      gaveUpAgoMs: youngest(ages),
      pendingElsewhere: new Set((pending?.rows ?? []).map((row) => String(row.hash))),
      refused: new Map((refused?.rows ?? []).map(failureRow).map((row) => [row.sampleId, row])),
    };
  },

  async stillPending(hashes: readonly string[], { runId, batchId, onlyRun }: Waiter): Promise<boolean> {
    if (hashes.length === 0) return false;
    const { rows } = await scope.read('still pending', (tables) => ({
      sql: `SELECT EXISTS (${availableHashesSql(tables, onlyRun === undefined ? '' : 'AND run_id = ?4')}) AS there,
        (SELECT COUNT(DISTINCT theirs.value) FROM api_usage, ${TEXTS} WHERE status = 'pending'
          AND NOT (run_id = ?2 AND batch_id = ?3) AND (run_id = ?2 OR ${LEASED})
          AND theirs.value IN (SELECT value FROM json_each(?1))) AS pending`,
      args: [JSON.stringify(hashes), runId, batchId, ...(onlyRun === undefined ? [] : [onlyRun])],
    }));
    return Number(rows[0]?.there) === 0 && Number(rows[0]?.pending) === new Set(hashes).size;
  },

  async fence(batch?: { runId: string; batchId: string }): Promise<number> {
    const also = batch === undefined ? [] : [giveUp(batch.runId, batch.batchId, '')];
    return fenceOf((await connection.write('fence', [NEXT_FENCE, ...also]))[0]);
  },

  async openAttempts(attempts: readonly Attempt[]): Promise<void> {
    const [first] = attempts;
    if (first === undefined) return;
    await leases.holding(
      attempts.map((attempt) => attempt.requestId),
      () =>
        withRefusalFault(() =>
          scope.write(
            'open attempt',
            ({ number: generation }) => [
              giveUpAbandoned(first.runId),
              ...attempts.map((attempt) =>
                open(attempt, { leaseMs: leases.leaseMs, generation, again: 'opened' }),
              ),
            ],
            { unpaid: true },
          ),
        ),
    );
  },

  async withdraw(requestIds: readonly string[]): Promise<void> {
    leases.release(requestIds);
    if (requestIds.length === 0) return;
    await connection.write('withdraw', [
      {
        sql: `DELETE FROM api_usage WHERE request_id IN (SELECT value FROM json_each(?)) AND ${UNANSWERED}`,
        args: [JSON.stringify(requestIds)],
      },
    ]);
  },

  async accountBatch(runId: string, batchId: string): Promise<BatchAccount> {
    return accountOf(await connection.read('account', account(runId, batchId)));
  },

  async dearestPrice(runId: string): Promise<number | null> {
    const sql = `SELECT ${PRICE} AS price FROM api_usage WHERE run_id = ?`;
    const price = (await connection.read('price', { sql, args: [runId] })).rows[0]?.price ?? null;
    return price === null ? null : Number(price);
  },
});
