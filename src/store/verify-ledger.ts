import type { StoreConnection } from './connection.js';

/** A run and what its ledger says, read in one statement: commits change both in one transaction. */
export interface LedgerOfRun {
  runId: string;
  /** Null: the ledger names a run that the store knows nothing of. */
  run: { state: string; tokens: number; costNanos: number } | null;
  attempts: number;
  pending: number;
  /** True when no run will settle what is pending: this one is over, or a later one has begun. */
  over: boolean;
  tokens: number;
  costNanos: number;
}

/** One answer of the provider that several settled rows claim to have paid for. */
export interface DoubleEntry {
  providerId: string;
  rows: number;
}

/** A run is over when its last word says so, or when a later one has begun: one runs at a time. */
const OVER = `(run.state IN ('completed', 'cancelled', 'failed') OR EXISTS (SELECT 1 FROM embedding_runs AS later
  WHERE later.workflow_id = run.workflow_id AND later.started_at > run.started_at))`;

/** Reads of the ledger for `embeddings verify`, each a page in ascending order, and the giving up of what is left over. */
export const createVerifyLedger = (connection: StoreConnection) => ({
  /** Runs with id > `after` ('' at first) that the ledger or the store knows. */
  async ledgerByRun(after: string, limit: number): Promise<LedgerOfRun[]> {
    const { rows } = await connection.read('ledger', {
      sql: `WITH known AS (
          SELECT run_id FROM embedding_runs WHERE run_id > ?1 UNION SELECT run_id FROM api_usage WHERE run_id > ?1
          ORDER BY run_id LIMIT ?2
        ), sums AS (
          SELECT known.run_id, COUNT(usage.request_id) AS attempts,
            COUNT(CASE WHEN usage.status = 'pending' THEN 1 END) AS pending,
            COALESCE(SUM(usage.total_tokens), 0) AS tokens, COALESCE(SUM(usage.total_cost_nanos), 0) AS cost
          FROM known LEFT JOIN api_usage AS usage ON usage.run_id = known.run_id GROUP BY known.run_id
        )
        SELECT sums.*, run.state, run.tokens AS run_tokens, run.cost_nanos AS run_cost,
          CASE WHEN pending > 0 THEN ${OVER} END AS over
        FROM sums LEFT JOIN embedding_runs AS run ON run.run_id = sums.run_id ORDER BY sums.run_id`,
      args: [after, BigInt(limit)],
    });
    return rows.map((row) => ({
      runId: String(row.run_id),
      run:
        row.state === null
          ? null
          : { state: String(row.state), tokens: Number(row.run_tokens), costNanos: Number(row.run_cost) },
      attempts: Number(row.attempts),
      pending: Number(row.pending),
      over: Number(row.over ?? 0) === 1,
      tokens: Number(row.tokens),
      costNanos: Number(row.cost),
    }));
  },

  /**
   * Answers that were paid for and booked more than once, with id > `after`. Only OpenRouter's own ids (`gen-…`) are
   * known to be unique; its cached answers repeat an id, and cost nothing.
   */
  async doubleEntries(after: string, limit: number): Promise<DoubleEntry[]> {
    const { rows } = await connection.read('ledger', {
      sql: `SELECT provider_id, COUNT(*) AS n FROM (
          SELECT CASE WHEN json_valid(extra_metadata) THEN json_extract(extra_metadata, '$.providerId') END AS provider_id
          FROM api_usage WHERE status = 'settled' AND total_cost_nanos > 0
        ) WHERE provider_id GLOB 'gen-*' AND provider_id > ?1
        GROUP BY provider_id HAVING n > 1 ORDER BY provider_id LIMIT ?2`,
      args: [after, BigInt(limit)],
    });
    return rows.map((row) => ({ providerId: String(row.provider_id), rows: Number(row.n) }));
  },

  /** Settled rows with id > `after` whose dollars are not their nanodollars, or that were never settled. */
  async contradictions(after: string, limit: number): Promise<string[]> {
    const { rows } = await connection.read('ledger', {
      sql: `SELECT request_id FROM api_usage WHERE request_id > ?1 AND status = 'settled' AND (settled_at IS NULL
          OR (total_cost IS NULL) <> (total_cost_nanos IS NULL) OR ABS(total_cost * 1e9 - total_cost_nanos) > 0.5
          OR total_tokens < 0 OR total_cost_nanos < 0)
        ORDER BY request_id LIMIT ?2`,
      args: [after, BigInt(limit)],
    });
    return rows.map((row) => String(row.request_id));
  },

  /** Writes what no run will settle down as uncertain: what it cost, nobody knows. @returns how many attempts. */
  async giveUpLeftovers(): Promise<number> {
    const [result] = await connection.write('give up', [
      {
        sql: `UPDATE api_usage SET status = 'uncertain', settled_at = ?, text_hashes = NULL WHERE status = 'pending'
          AND EXISTS (SELECT 1 FROM embedding_runs AS run WHERE run.run_id = api_usage.run_id AND ${OVER})`,
        args: [new Date().toISOString()],
      },
    ]);
    return result?.rowsAffected ?? 0;
  },
});

export type VerifyLedger = ReturnType<typeof createVerifyLedger>;
