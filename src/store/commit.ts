import type { InStatement, InValue } from '@libsql/client';
import { idList, integer } from './rows.js';
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
    ...failures(batch, now),
    ...settle(batch, now),
  ];
}

/** `2026-11-23 04:05:06`, as CURRENT_TIMESTAMP writes it. */
const timestamp = (now: Date): string => now.toISOString().slice(0, 19).replace('T', ' ');

/** Before the rows change: what they do not hold yet of this run is what this commit adds to its totals. */
function totals(batch: BatchCommit, now: Date): InStatement[] {
  const { runId } = batch;
  const copied = batch.copies.map((row) => row.sampleId);
  const stored = [...batch.vectors.map((row) => row.sampleId), ...copied];
  const failed = batch.failures.map((row) => row.sampleId);
  const added = (table: string, ids: number[]): string =>
    `${ids.length} - (SELECT COUNT(*) FROM ${table} WHERE run_id = ?1 AND sample_id IN (${idList(ids)}))`;
  const last = stored.reduce<number | null>((max, id) => (max === null || id > max ? id : max), null);
  const statements: InStatement[] = [
    {
      sql: `UPDATE embedding_runs SET stored = stored + ${added('sample_embeddings', stored)},
        copied = copied + ${added('sample_embeddings', copied)},
        failed = failed + ${added('embedding_failures', failed)},
        last_processed_id = MAX(COALESCE(last_processed_id, ?2), COALESCE(?2, last_processed_id)), updated_at = ?3
        WHERE run_id = ?1`,
      args: [runId, integer(last), now.toISOString()],
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

const copies = (batch: BatchCommit, now: Date): InStatement[] =>
  batch.copies.map(({ sampleId, text, contentHash }) => ({
    sql: `INSERT INTO sample_embeddings (${COLUMNS})
      SELECT ?1, vibe_vector, ?2, ?3, ?4, ?5, ?6, ?7 FROM sample_embeddings WHERE content_hash = ?4 LIMIT 1 ${UPSERT}`,
    args: [BigInt(sampleId), text, timestamp(now), contentHash, batch.model, batch.runId, batch.runStartedAt],
  }));

function failures(batch: BatchCommit, now: Date): InStatement[] {
  const stored = [...batch.vectors, ...batch.copies].map((row) => row.sampleId);
  const statements: InStatement[] = batch.failures.map((failure) => ({
    sql: `INSERT INTO embedding_failures (sample_id, reason, message, content_hash, permanent, attempts, run_id, failed_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sample_id) DO UPDATE SET reason = excluded.reason,
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
