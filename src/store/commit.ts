import type { InStatement, InValue } from '@libsql/client';
import { idList, integer } from './rows.js';
import { enterStatements } from './search-words-schema.js';
import type { BatchCommit, Settlement } from './types.js';

/** Rows of one statement: far below 32,766 bound values, and a few megabytes of vectors. */
const ROWS_A_STATEMENT = 500;
const PLACES = '(?, ?, ?, ?, ?, ?, ?, ?)';
const COLUMNS =
  'sample_id, vibe_vector, embedding_source, created_at, content_hash, model, run_id, run_started_at';
/** A zombie that wakes late changes nothing: its run began before the one that wrote the row. */
const UPSERT = `ON CONFLICT (sample_id) DO UPDATE SET vibe_vector = excluded.vibe_vector,
  embedding_source = excluded.embedding_source, created_at = excluded.created_at, content_hash = excluded.content_hash,
  model = excluded.model, run_id = excluded.run_id, run_started_at = excluded.run_started_at
  WHERE sample_embeddings.run_started_at IS NULL OR sample_embeddings.run_started_at <= excluded.run_started_at`;

/** The statements of one batch's transaction, in an order that makes repeating the whole change nothing. */
export function commitStatements(batch: BatchCommit, now: Date): InStatement[] {
  return [
    ...totals(batch, now),
    ...vectors(batch, now),
    ...copies(batch, now),
    ...enterStatements([...batch.vectors, ...batch.copies]),
    ...failures(batch, now),
    ...settle(batch, now),
  ];
}

/** `2026-11-23 04:05:06`, as CURRENT_TIMESTAMP writes it. */
const timestamp = (now: Date): string => now.toISOString().slice(0, 19).replace('T', ' ');

/** A row that this commit would not touch: this run's already, or (fence) a later run's. */
const SETTLED_ROW = '(run_id = ?1 OR run_started_at > ?2)';

/** Before the rows change: what they do not hold yet of this run is what this commit adds to its totals. */
function totals(batch: BatchCommit, now: Date): InStatement[] {
  const { runId } = batch;
  const copied = batch.copies.map((row) => row.sampleId);
  const stored = [...batch.vectors.map((row) => row.sampleId), ...copied];
  const failed = batch.failures.map((row) => row.sampleId);
  const there = (ids: number[]): string =>
    `SELECT sample_id FROM sample_embeddings WHERE sample_id IN (${idList(ids)}) AND ${SETTLED_ROW}`;
  const added = (ids: number[]): string => `(${ids.length} - (SELECT COUNT(*) FROM (${there(ids)})))`;
  const newFailures = `(${failed.length} - (SELECT COUNT(*) FROM (${there(failed)} UNION
    SELECT sample_id FROM embedding_failures WHERE sample_id IN (${idList(failed)}) AND run_id = ?1)))`;
  const last = stored.reduce<number | null>((max, id) => (max === null || id > max ? id : max), null);
  const statements: InStatement[] = [
    {
      sql: `UPDATE embedding_runs SET stored = stored + ${added(stored)}, copied = copied + ${added(copied)},
        failed = failed + ${newFailures}, noted = noted + CASE WHEN ${added(stored)} > 0 THEN ?3 ELSE 0 END,
        last_processed_id = MAX(COALESCE(last_processed_id, ?4), COALESCE(?4, last_processed_id)), updated_at = ?5
        WHERE run_id = ?1`,
      args: [runId, batch.runStartedAt, integer(batch.notedDelta), integer(last), now.toISOString()],
    },
  ];
  for (const settlement of batch.settlements) {
    const tokens = integer(settlement.tokens ?? 0);
    const cost = integer(settlement.costNanos ?? 0);
    statements.push({
      sql: `UPDATE embedding_runs SET requests = requests + 1, tokens = tokens + ?, cost_nanos = cost_nanos + ?
        WHERE run_id = ? AND EXISTS (SELECT 1 FROM api_usage WHERE request_id = ? AND status = 'pending')`,
      args: [tokens, cost, runId, settlement.requestId],
    });
  }
  return statements;
}

function vectors(batch: BatchCommit, now: Date): InStatement[] {
  const statements: InStatement[] = [];
  for (let from = 0; from < batch.vectors.length; from += ROWS_A_STATEMENT) {
    const rows = batch.vectors.slice(from, from + ROWS_A_STATEMENT);
    const args: InValue[] = [];
    for (const { sampleId, vector, text, contentHash } of rows)
      args.push(
        BigInt(sampleId),
        vector,
        text,
        timestamp(now),
        contentHash,
        batch.model,
        batch.runId,
        batch.runStartedAt,
      );
    const values = rows.map(() => PLACES).join(', ');
    statements.push({ sql: `INSERT INTO sample_embeddings (${COLUMNS}) VALUES ${values} ${UPSERT}`, args });
  }
  return statements;
}

/**
 * A copy whose original has gone meanwhile finds NULL, which the column refuses: the whole commit fails and the batch
 * looks again, instead of a sample going missing. What this run bought itself goes before older rows (`reset`).
 */
const copies = (batch: BatchCommit, now: Date): InStatement[] =>
  batch.copies.map(({ sampleId, text, contentHash }) => ({
    sql: `INSERT INTO sample_embeddings (${COLUMNS}) SELECT ?1, COALESCE(
        (SELECT vibe_vector FROM sample_embeddings WHERE content_hash = ?4 AND run_id = ?6 LIMIT 1),
        (SELECT vibe_vector FROM sample_embeddings WHERE content_hash = ?4 LIMIT 1)
      ), ?2, ?3, ?4, ?5, ?6, ?7 WHERE true ${UPSERT}`,
    args: [BigInt(sampleId), text, timestamp(now), contentHash, batch.model, batch.runId, batch.runStartedAt],
  }));

/** A sample that this run or a later one has stored did not fail, whatever a late writer says. */
function failures(batch: BatchCommit, now: Date): InStatement[] {
  const stored = [...batch.vectors, ...batch.copies].map((row) => row.sampleId);
  const statements: InStatement[] = batch.failures.map((failure) => ({
    sql: `INSERT INTO embedding_failures (sample_id, reason, message, content_hash, permanent, attempts, run_id, failed_at)
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS
      (SELECT 1 FROM sample_embeddings WHERE sample_id = ?1 AND (run_id = ?7 OR run_started_at > ?9))
      ON CONFLICT (sample_id) DO UPDATE SET reason = excluded.reason,
      message = excluded.message, content_hash = excluded.content_hash, permanent = excluded.permanent,
      attempts = excluded.attempts, run_id = excluded.run_id, failed_at = excluded.failed_at`,
    args: [
      BigInt(failure.sampleId),
      failure.reason,
      failure.message,
      failure.contentHash,
      failure.permanent ? 1n : 0n,
      BigInt(failure.attempts),
      batch.runId,
      now.toISOString(),
      batch.runStartedAt,
    ],
  }));
  if (stored.length > 0)
    statements.push(`DELETE FROM embedding_failures WHERE sample_id IN (${idList(stored)})`);
  return statements;
}

const settle = (batch: BatchCommit, now: Date): InStatement[] =>
  batch.settlements.map((settlement) => settleStatement(settlement, now));

/** A row leaves `pending` once. Embeddings have no output: their output cost is 0 where the cost is known. */
function settleStatement(settlement: Settlement, now: Date): InStatement {
  const { requestId, status, tokens, costNanos, costSource, metadata } = settlement;
  const usd = costNanos === null ? null : costNanos / 1e9;
  const none = costNanos === null ? null : 0;
  return {
    sql: `UPDATE api_usage SET status = ?, input_tokens = ?, output_tokens = ?, total_tokens = ?, input_cost = ?,
      output_cost = ?, total_cost = ?, total_cost_nanos = ?, settled_at = ?, text_hashes = NULL,
      extra_metadata = json_patch(COALESCE(extra_metadata, '{}'), ?) WHERE request_id = ? AND status = 'pending'`,
    args: [
      status,
      integer(tokens),
      tokens === null ? null : 0n,
      integer(tokens),
      usd,
      none,
      usd,
      integer(costNanos),
      now.toISOString(),
      JSON.stringify({ ...metadata, cost_source: costSource }),
      requestId,
    ],
  };
}
