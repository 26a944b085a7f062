import { LEASED, LEASED_OLD, NOW_ISO } from './clock.js';
import type { StoreConnection } from './connection.js';
import { COST, metadataField, sum, TOKENS } from './money.js';
import { FINAL } from './runs.js';

/** A run and the totals of its ledger, read in one statement: commits change both in one transaction. */
export interface LedgerOfRun {
  runId: string;
  /** Null: the ledger names a run that the store does not know. */
  run: { state: string; tokens: number; costNanos: number } | null;
  /** True for searches and doctor's requests, which are recorded under their own name and belong to no run. */
  outside: boolean;
  /** True if the run has ended: from then on its own totals equal its ledger's. */
  final: boolean;
  attempts: number;
  /** Attempts that will never be settled: they are pending, their lease has expired, and no run retries them. */
  leftover: number;
  tokens: number;
  costNanos: number;
}

/** One answer of the provider that several settled rows claim to have paid for. */
export interface DoubleEntry {
  providerId: string;
  rows: number;
}

/** A run retries its batches until it ends or a later run has begun: only one runs at a time. */
const GOES_ON = `EXISTS (SELECT 1 FROM embedding_runs AS run WHERE run.run_id = api_usage.run_id
  AND run.state NOT IN ${FINAL} AND NOT EXISTS (SELECT 1 FROM embedding_runs AS later
    WHERE later.workflow_id = run.workflow_id AND later.started_at > run.started_at))`;
const leftover = (leased: string): string => `status = 'pending' AND NOT ${leased} AND NOT ${GOES_ON}`;

/** Creates the ledger reads for `embeddings verify`, each a page in ascending order; leftovers can be given up. */
export const createVerifyLedger = (connection: StoreConnection) => {
  /** Returns the lease condition. A ledger of an older version has no leases, and verifying does not upgrade it. */
  async function leased(): Promise<string> {
    const { rows } = await connection.read(
      'ledger',
      "SELECT 1 FROM pragma_table_info('api_usage') WHERE name = 'lease_until'",
    );
    return rows.length > 0 ? LEASED : LEASED_OLD;
  }

  return {
    /** Returns runs with id > `after` ('' at first) that the ledger or the store knows. */
    async ledgerByRun(after: string, limit: number): Promise<LedgerOfRun[]> {
      const { rows } = await connection.read('ledger', {
        sql: `WITH known AS (
            SELECT run_id FROM embedding_runs WHERE run_id > ?1 UNION SELECT run_id FROM api_usage WHERE run_id > ?1
            ORDER BY run_id LIMIT ?2
          ), sums AS (
            SELECT known.run_id, COUNT(request_id) AS attempts, MIN(operation <> 'embeddings') AS outside,
              COUNT(*) FILTER (WHERE ${leftover(await leased())}) AS leftover, ${sum(TOKENS)} AS tokens, ${sum(COST)} AS cost
            FROM known LEFT JOIN api_usage ON api_usage.run_id = known.run_id GROUP BY known.run_id
          )
          SELECT sums.*, run.state, CAST(run.tokens AS TEXT) AS run_tokens, CAST(run.cost_nanos AS TEXT) AS run_cost,
            run.state IN ${FINAL} AS final
          FROM sums LEFT JOIN embedding_runs AS run ON run.run_id = sums.run_id ORDER BY sums.run_id`,
        args: [after, BigInt(limit)],
      });
      return rows.map((row) => ({
        runId: String(row.run_id),
        run:
          row.state === null
            ? null
            : { state: String(row.state), tokens: Number(row.run_tokens), costNanos: Number(row.run_cost) },
        outside: Number(row.outside ?? 0) === 1,
        final: Number(row.final ?? 0) === 1,
        attempts: Number(row.attempts),
        leftover: Number(row.leftover),
        tokens: Number(row.tokens),
        costNanos: Number(row.cost),
      }));
    },

    /**
     * Returns answers that were paid for and recorded more than once, with id > `after`. Only OpenRouter's own ids
     * (`gen-…`) are known to be unique; its cached answers repeat an id, and cost nothing.
     */
    async doubleEntries(after: string, limit: number): Promise<DoubleEntry[]> {
      const { rows } = await connection.read('ledger', {
        sql: `SELECT provider_id, COUNT(*) AS n FROM (
            SELECT ${metadataField('providerId')} AS provider_id
            FROM api_usage WHERE status = 'settled' AND total_cost_nanos > 0
          ) WHERE provider_id GLOB 'gen-*' AND provider_id > ?1
          GROUP BY provider_id HAVING n > 1 ORDER BY provider_id LIMIT ?2`,
        args: [after, BigInt(limit)],
      });
      return rows.map((row) => ({ providerId: String(row.provider_id), rows: Number(row.n) }));
    },

    /**
     * Returns settled rows with id > `after` whose dollars differ from their nanodollars, that have no settlement time,
     * or whose tokens or cost are negative. Dollars are exact to 16 places.
     */
    async contradictions(after: string, limit: number): Promise<string[]> {
      const { rows } = await connection.read('ledger', {
        sql: `SELECT request_id FROM api_usage WHERE request_id > ?1 AND status = 'settled' AND (settled_at IS NULL
            OR (total_cost IS NULL) <> (total_cost_nanos IS NULL)
            OR ABS(total_cost * 1e9 - total_cost_nanos) > 0.5 + total_cost_nanos * 1e-15
            OR total_tokens < 0 OR total_cost_nanos < 0)
          ORDER BY request_id LIMIT ?2`,
        args: [after, BigInt(limit)],
      });
      return rows.map((row) => String(row.request_id));
    },

    /** Marks leftover attempts as uncertain: their cost is unknown. @returns the number of attempts. */
    async giveUpLeftovers(): Promise<number> {
      const [result] = await connection.write('give up', [
        `UPDATE api_usage SET status = 'uncertain', settled_at = ${NOW_ISO}, text_hashes = NULL
          WHERE ${leftover(await leased())}`,
      ]);
      return result?.rowsAffected ?? 0;
    },
  };
};

export type VerifyLedger = ReturnType<typeof createVerifyLedger>;
