import type { InStatement } from '@libsql/client';
import type { StoreConnection } from './connection.js';
import { idList, integer, placeholders, STORED_COLUMNS, storedRow } from './rows.js';
import type { Attempt, BatchAccount, Claim } from './types.js';

/** Which rows' vectors may be copied: a `reset` run copies only what it bought itself. */
const holding = (hashes: readonly string[], onlyRun: string | undefined): InStatement => ({
  sql: `SELECT DISTINCT content_hash FROM sample_embeddings WHERE content_hash IN (${placeholders(hashes.length)})
    ${onlyRun === undefined ? '' : 'AND run_id = ?'}`,
  args: onlyRun === undefined ? [...hashes] : [...hashes, onlyRun],
});

const open = (attempt: Attempt, now: Date): InStatement => ({
  sql: `INSERT INTO api_usage (request_id, run_id, batch_id, model, operation, status, created_at, extra_metadata, text_hashes)
    VALUES (?, ?, ?, ?, ?, 'pending', ?, json_object('bound_nanos', ?), ?)`,
  args: [
    attempt.requestId,
    attempt.runId,
    attempt.batchId,
    attempt.model,
    attempt.operation,
    now.toISOString(),
    integer(attempt.boundNanos),
    JSON.stringify(attempt.hashes),
  ],
});

/** An attempt whose answer never came: nobody knows what it cost, and nobody waits for its texts any more. */
const giveUp = (runId: string, batchId: string, now: Date): InStatement => ({
  sql: `UPDATE api_usage SET status = 'uncertain', settled_at = ?, text_hashes = NULL
    WHERE run_id = ? AND batch_id = ? AND status = 'pending' RETURNING created_at`,
  args: [now.toISOString(), runId, batchId],
});

const account = (runId: string, batchId: string): InStatement => ({
  sql: `SELECT COUNT(*) AS requests, COALESCE(SUM(total_tokens), 0) AS tokens, COALESCE(SUM(total_cost_nanos), 0) AS cost,
    COALESCE(SUM(CASE WHEN total_cost_nanos IS NULL THEN json_extract(extra_metadata, '$.bound_nanos') END), 0) AS uncertain,
    COUNT(CASE WHEN status = 'settled' AND total_cost_nanos IS NULL THEN 1 END) AS unpriced
    FROM api_usage WHERE run_id = ? AND batch_id = ?`,
  args: [runId, batchId],
});

const accountOf = (row: Record<string, unknown> | undefined): BatchAccount => ({
  requests: Number(row?.requests ?? 0),
  tokens: Number(row?.tokens ?? 0),
  costNanos: Number(row?.cost ?? 0),
  uncertainNanos: Number(row?.uncertain ?? 0),
  unpriced: Number(row?.unpriced ?? 0),
});

const youngest = (times: number[]): number | null => (times.length === 0 ? null : Math.max(...times));

/** The ledger's side of the store: attempts opened, claimed, withdrawn, accounted for. */
export const createLedger = (connection: StoreConnection) => ({
  async claim(
    attempt: Attempt,
    sampleIds: readonly number[],
    options: { onlyRun?: string } = {},
  ): Promise<Claim> {
    const now = new Date();
    const { runId, batchId, hashes } = attempt;
    const [gaveUp, , stored, available, pending] = await connection.write('claim', [
      giveUp(runId, batchId, now),
      open(attempt, now),
      `SELECT ${STORED_COLUMNS} FROM sample_embeddings WHERE sample_id IN (${idList(sampleIds)})`,
      holding(hashes, options.onlyRun),
      {
        // Compared there: at 2,048 texts a batch the hashes of a whole window are megabytes.
        sql: `SELECT DISTINCT theirs.value AS hash FROM api_usage, json_each(api_usage.text_hashes) AS theirs
          WHERE run_id = ?1 AND status = 'pending' AND batch_id <> ?2
          AND theirs.value IN (SELECT value FROM json_each(?3))`,
        args: [runId, batchId, JSON.stringify(hashes)],
      },
    ]);
    return {
      stored: (stored?.rows ?? []).map(storedRow),
      available: new Set((available?.rows ?? []).map((row) => String(row.content_hash))),
      gaveUpOn: youngest((gaveUp?.rows ?? []).map((row) => Date.parse(String(row.created_at)))),
      pendingElsewhere: new Set((pending?.rows ?? []).map((row) => String(row.hash))),
    };
  },
  async openAttempt(attempt: Attempt): Promise<void> {
    await connection.write('open attempt', [open(attempt, new Date())]);
  },
  async withdraw(requestId: string): Promise<void> {
    const sql = "DELETE FROM api_usage WHERE request_id = ? AND status = 'pending'";
    await connection.write('withdraw', [{ sql, args: [requestId] }]);
  },
  async accountBatch(runId: string, batchId: string): Promise<BatchAccount> {
    const { rows } = await connection.read('account', account(runId, batchId));
    return accountOf(rows[0]);
  },
});
