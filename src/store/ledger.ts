import type { InStatement, ResultSet } from '@libsql/client';
import type { StoreConnection } from './connection.js';
import { failureRow, idList, integer, placeholders, STORED_COLUMNS, storedRow } from './rows.js';
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

/** Sums as text: the client refuses integers beyond 2^53, and a commit must not fail by what it only looks at. */
const sum = (what: string): string => `CAST(COALESCE(SUM(${what}), 0) AS TEXT)`;

/** Asks what the ledger holds for one batch. */
export const account = (runId: string, batchId: string): InStatement => ({
  sql: `SELECT COUNT(*) AS requests, ${sum('total_tokens')} AS tokens, ${sum('total_cost_nanos')} AS cost,
    ${sum("CASE WHEN total_cost_nanos IS NULL THEN json_extract(extra_metadata, '$.bound_nanos') END")} AS uncertain,
    COUNT(CASE WHEN status = 'settled' AND total_cost_nanos IS NULL THEN 1 END) AS unpriced
    FROM api_usage WHERE run_id = ? AND batch_id = ?`,
  args: [runId, batchId],
});

export const accountOf = (result: ResultSet | undefined): BatchAccount => {
  const row = result?.rows[0];
  return {
    requests: Number(row?.requests ?? 0),
    tokens: Number(row?.tokens ?? 0),
    costNanos: Number(row?.cost ?? 0),
    uncertainNanos: Number(row?.uncertain ?? 0),
    unpriced: Number(row?.unpriced ?? 0),
  };
};

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
    const [gaveUp, , stored, available, pending, refused] = await connection.write('claim', [
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
      {
        sql: `SELECT * FROM embedding_failures WHERE sample_id IN (${idList(sampleIds)}) AND permanent = 1 AND run_id = ?`,
        args: [runId],
      },
    ]);
    return {
      stored: (stored?.rows ?? []).map(storedRow),
      available: new Set((available?.rows ?? []).map((row) => String(row.content_hash))),
      gaveUpOn: youngest((gaveUp?.rows ?? []).map((row) => Date.parse(String(row.created_at)))),
      pendingElsewhere: new Set((pending?.rows ?? []).map((row) => String(row.hash))),
      refused: new Map((refused?.rows ?? []).map(failureRow).map((row) => [row.sampleId, row])),
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
    return accountOf(await connection.read('account', account(runId, batchId)));
  },
});
