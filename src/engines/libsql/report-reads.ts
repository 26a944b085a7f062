import type { Row } from '@libsql/client';
import type { ReportOverview } from '../report-overview.js';
import type { StoreConnection } from './connection.js';
import type { GenerationScope } from './generations/scope.js';
import { COST, sum, TOKENS } from './money.js';
import { idList } from './rows.js';

export interface ReportReads {
  /** Returns null if no run has created the tables yet. */
  reportOverview(): Promise<ReportOverview | null>;
  /** Returns those of these samples that have a vector. */
  storedAmong(ids: readonly number[]): Promise<Set<number>>;
}

/** The newest ones: a chart with more is unreadable. */
const RUNS = 40;
const DAYS = 366;
const UNPRICED = "COUNT(CASE WHEN status = 'settled' AND total_cost_nanos IS NULL THEN 1 END)";
/** Characters. */
const BUCKET = 100;
const BUCKETS = 60;

const costOf = (row: Row | undefined): number | null =>
  Number(row?.unpriced) > 0 && Number(row?.cost) === 0 ? null : Number(row?.cost);

export const createReportReads = (connection: StoreConnection, scope: GenerationScope): ReportReads => ({
  async reportOverview() {
    const ask = async (sql: string) => (await connection.read('report', sql)).rows;
    const [tables] = await ask(
      "SELECT COUNT(*) AS n FROM sqlite_master WHERE name IN ('api_usage', 'embedding_runs', 'embedding_failures')",
    );
    if (Number(tables?.n) < 3) return null;
    const [total] = await ask(`SELECT (SELECT COUNT(*) FROM sample_embeddings) AS stored,
      (SELECT COUNT(*) FROM embedding_failures) AS failed,
      ${sum(COST)} AS cost, ${sum(TOKENS)} AS tokens,
      ${UNPRICED} AS unpriced FROM api_usage`);
    const days = await ask(`SELECT date(created_at) AS day, ${sum(COST)} AS cost, ${UNPRICED} AS unpriced,
      ${sum(TOKENS)} AS tokens, COUNT(*) AS requests FROM api_usage
      GROUP BY 1 ORDER BY 1 DESC LIMIT ${DAYS}`);
    const runs = await ask(`SELECT run.run_id, run.started_at, run.state, run.stored,
      ${sum(COST)} AS cost, ${UNPRICED} AS unpriced,
      COALESCE((julianday(MAX(usage.settled_at)) - julianday(MIN(usage.created_at))) * 86400, 0) AS seconds,
      COUNT(usage.request_id) AS requests,
      COUNT(CASE WHEN usage.status = 'failed' THEN 1 END) AS failed_requests,
      COUNT(CASE WHEN usage.status = 'uncertain' THEN 1 END) AS uncertain
      FROM embedding_runs AS run LEFT JOIN api_usage AS usage ON usage.run_id = run.run_id
      GROUP BY run.run_id ORDER BY run.started_at DESC LIMIT ${RUNS}`);
    const failures = await ask(
      'SELECT reason, COUNT(*) AS n FROM embedding_failures GROUP BY 1 ORDER BY n DESC, reason',
    );
    const lengths =
      await ask(`SELECT MIN(length(embedding_source) / ${BUCKET}, ${BUCKETS - 1}) AS bucket, COUNT(*) AS n
      FROM sample_embeddings WHERE embedding_source IS NOT NULL GROUP BY 1 ORDER BY 1`);
    return {
      stored: Number(total?.stored),
      failed: Number(total?.failed),
      costNanos: costOf(total),
      unpriced: Number(total?.unpriced),
      tokens: Number(total?.tokens),
      days: days
        .map((row) => ({
          day: String(row.day),
          costNanos: costOf(row),
          tokens: Number(row.tokens),
          requests: Number(row.requests),
        }))
        .reverse(),
      runs: runs
        .map((row) => ({
          runId: String(row.run_id),
          startedAt: String(row.started_at),
          seconds: Number(row.seconds),
          state: String(row.state),
          stored: Number(row.stored),
          requests: Number(row.requests),
          failedRequests: Number(row.failed_requests),
          uncertain: Number(row.uncertain),
          costNanos: costOf(row),
        }))
        .reverse(),
      failures: failures.map((row) => ({ reason: String(row.reason), count: Number(row.n) })),
      lengths: lengths.map((row) => ({
        from: Number(row.bucket) * BUCKET,
        to: (Number(row.bucket) + 1) * BUCKET,
        count: Number(row.n),
      })),
    };
  },
  async storedAmong(ids) {
    if (ids.length === 0) return new Set();
    const { rows } = await scope.read(
      'stored among',
      ({ vectors }) => `SELECT sample_id FROM ${vectors} WHERE sample_id IN (${idList(ids)})`,
    );
    return new Set(rows.map((row) => Number(row.sample_id)));
  },
});
