import type { InStatement } from '@libsql/client';
import type { BatchCommit, Settlement } from '../types.js';
import { NOW_ISO } from './clock.js';
import { amount, RUN_MONEY } from './money.js';
import { FINAL } from './runs.js';

/** Settles attempts, and updates the money of a run that has already ended from its ledger. */
export const settle = (batch: BatchCommit): InStatement[] =>
  batch.settlements.length === 0
    ? []
    : [
        ...batch.settlements.map(settleStatement),
        {
          sql: `UPDATE embedding_runs SET ${RUN_MONEY} WHERE run_id = ? AND state IN ${FINAL}`,
          args: [batch.runId],
        },
      ];

/**
 * Settles a row once; a row that was given up is settled if its answer still comes. Embeddings have no output: their
 * output cost is 0 if the cost is known.
 */
function settleStatement(settlement: Settlement): InStatement {
  const { requestId, status, costSource, metadata } = settlement;
  const tokens = amount(settlement.tokens);
  const nanos = amount(settlement.costNanos);
  const usd = nanos === null ? null : Number(nanos) / 1e9;
  const bound = settlement.boundNanos === undefined && status === 'failed' ? 0 : settlement.boundNanos;
  // Versions before 0.2 read the bound here.
  const notes = { ...metadata, cost_source: costSource, ...(bound !== undefined && { bound_nanos: bound }) };
  return {
    sql: `UPDATE api_usage SET status = ?1, input_tokens = ?2, output_tokens = ?3, total_tokens = ?2, input_cost = ?4,
      output_cost = ?5, total_cost = ?4, total_cost_nanos = ?6, bound_nanos = CASE WHEN ?10 THEN ?7 ELSE bound_nanos END,
      settled_at = ${NOW_ISO}, text_hashes = NULL,
      extra_metadata = json_patch(CASE WHEN json_valid(extra_metadata) THEN extra_metadata ELSE '{}' END, ?8)
      WHERE request_id = ?9 AND (status = 'pending' OR (status = 'uncertain' AND ?1 <> 'uncertain'))`,
    args: [
      status,
      tokens,
      tokens === null ? null : 0n,
      usd,
      nanos === null ? null : 0,
      nanos,
      amount(bound),
      JSON.stringify(notes),
      requestId,
      bound === undefined ? 0n : 1n,
    ],
  };
}
