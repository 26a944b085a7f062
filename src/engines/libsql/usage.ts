import type { Row } from '@libsql/client';
import { usageFault } from '../../fault.js';
import type { StoreConnection } from './connection.js';
import { COST, metadataField, sum, TOKENS, uncertain } from './money.js';

export type UsageGrouping = 'day' | 'run' | 'model';

/** Cost of a group of attempts, in integer nanodollars, exact at any size. Cost ≤ the provider's bill ≤ atMost. */
export interface UsageFigures {
  /** ISO times, UTC, of the first and the last attempt; empty where there is none. */
  firstAt: string;
  lastAt: string;
  requests: number;
  settled: number;
  /** Refused before any work: not billed. */
  failed: number;
  /** Perhaps billed: no answer proves whether it was. */
  uncertain: number;
  /** In progress; or its worker was killed and no other has taken its batch since. */
  pending: number;
  /** Settled, answered from the provider's response cache, at no cost. */
  cached: number;
  tokens: number;
  /** Known cost of settled attempts; null: known for none of them (unknown is never 0). */
  costNanos: bigint | null;
  /** The part of `costNanos` that the provider stated, and the part that is tokens × price. */
  providerNanos: bigint;
  priceNanos: bigint;
  /** Settled attempts of unknown cost. */
  unknownCost: number;
  /** Attempts billed to the user's own key at the provider behind the gateway, and the parts of their cost. */
  byok: number;
  feeNanos: bigint;
  upstreamNanos: bigint;
  /**
   * Upper bound of what finished attempts cost beyond `costNanos`: attempts without an answer, and settled ones whose
   * stated cost is not trusted. Null if the price of an unanswered attempt is unknown.
   */
  uncertainNanos: bigint | null;
  /** Upper bound of what pending attempts cost; null if one has no bound. */
  pendingNanos: bigint | null;
  /** Upper bound of the bill, also for settled attempts of unknown or untrusted cost; null: there is no bound. */
  atMostNanos: bigint | null;
}

/** `name`: the day (YYYY-MM-DD, UTC, of the attempt's beginning), the run's id or the model. */
export type UsageRow = UsageFigures & { name: string };

/** The newest groups, oldest first; the total covers all groups, also those left out. */
export interface Usage {
  rows: UsageRow[];
  total: UsageFigures;
  leftOut: number;
}

const NAMES: Record<UsageGrouping, string> = { day: 'date(created_at)', run: 'run_id', model: 'model' };

const NEEDED = [
  'run_id',
  'model',
  'status',
  'total_tokens',
  'total_cost_nanos',
  'created_at',
  'extra_metadata',
];

const field = (name: string): string => `MAX(0, CAST(${metadataField(name)} AS INTEGER))`;

/** A row with damaged metadata still counts. `older`: the ledger has no column for bounds yet. */
const attempts = (
  by: UsageGrouping,
  older: boolean,
): string => `SELECT ${NAMES[by]} AS name, created_at, status,
    ${TOKENS} AS tokens, ${COST} AS cost, ${metadataField('cost_source')} AS source,
    ${metadataField('cached')} AS cached, ${metadataField('byok')} AS byok, ${field('feeNanos')} AS fee,
    ${field('upstreamNanos')} AS upstream, ${uncertain({ older })} AS uncertain
  FROM api_usage`;

const SETTLED = "status = 'settled'";
/** A settled attempt of unknown cost is counted by `unknown_cost`. */
const OVER = "(status = 'uncertain' OR (status <> 'pending' AND uncertain IS NOT NULL))";
const number = (where: string): string => `COUNT(*) FILTER (WHERE ${where})`;
/** Returns the sum of the bounds; NULL if one attempt has no bound. */
const bounds = (where: string): string =>
  `CASE WHEN ${number(`${where} AND uncertain IS NULL`)} = 0 THEN ${sum('uncertain', where)} END`;

const FIGURES = `COUNT(DISTINCT name) AS names, MIN(created_at) AS first_at, MAX(created_at) AS last_at,
  COUNT(*) AS requests, ${number(SETTLED)} AS settled, ${number("status = 'failed'")} AS failed,
  ${number("status = 'uncertain'")} AS uncertain, ${number("status = 'pending'")} AS pending,
  ${number(`${SETTLED} AND cached`)} AS cached, ${sum('tokens')} AS tokens,
  CASE WHEN ${number(`${SETTLED} AND cost IS NOT NULL`)} > 0 THEN ${sum('cost', SETTLED)} END AS cost,
  ${sum('cost', `${SETTLED} AND source = 'provider'`)} AS provider_cost,
  ${sum('cost', `${SETTLED} AND source = 'price'`)} AS price_cost,
  ${number(`${SETTLED} AND cost IS NULL`)} AS unknown_cost,
  ${number('byok')} AS byok, ${sum('fee', 'byok')} AS fee, ${sum('upstream', 'byok')} AS upstream,
  ${bounds(OVER)} AS uncertain_bound,
  ${bounds("status = 'pending'")} AS pending_bound, ${bounds('true')} AS open_bound`;

const bigint = (value: unknown): bigint | null => (value === null ? null : BigInt(String(value)));

function figures(row: Row): UsageFigures {
  const settled = Number(row.settled);
  const costNanos = bigint(row.cost) ?? (settled === 0 ? 0n : null);
  const open = bigint(row.open_bound);
  return {
    firstAt: String(row.first_at ?? ''),
    lastAt: String(row.last_at ?? ''),
    requests: Number(row.requests),
    settled,
    failed: Number(row.failed),
    uncertain: Number(row.uncertain),
    pending: Number(row.pending),
    cached: Number(row.cached),
    tokens: Number(row.tokens),
    costNanos,
    providerNanos: bigint(row.provider_cost) ?? 0n,
    priceNanos: bigint(row.price_cost) ?? 0n,
    unknownCost: Number(row.unknown_cost),
    byok: Number(row.byok),
    feeNanos: bigint(row.fee) ?? 0n,
    upstreamNanos: bigint(row.upstream) ?? 0n,
    uncertainNanos: bigint(row.uncertain_bound),
    pendingNanos: bigint(row.pending_bound),
    atMostNanos: open === null ? null : (costNanos ?? 0n) + open,
  };
}

/** Creates the read of the ledger's totals. It upgrades no table. */
export const createUsage = (connection: StoreConnection) => ({
  async usage(by: UsageGrouping, { limit }: { limit: number }): Promise<Usage | null> {
    const table = await connection.read('usage', "SELECT name FROM pragma_table_info('api_usage')");
    const columns = new Set(table.rows.map((row) => String(row.name)));
    if (columns.size === 0) return null;
    if (NEEDED.some((name) => !columns.has(name)))
      throw usageFault(
        'TURSO_DATABASE_URL: its table api_usage was not created by this program: use another database',
      );
    // One statement, so that rows and total are of the same moment.
    const { rows } = await connection.read('usage', {
      sql: `WITH attempts AS (${attempts(by, !columns.has('bound_nanos'))})
        SELECT 'total' AS level, NULL AS name, ${FIGURES} FROM attempts
        UNION ALL SELECT * FROM (SELECT 'group', name, ${FIGURES} FROM attempts
          GROUP BY name ORDER BY MIN(created_at) DESC, name DESC LIMIT ?)
        ORDER BY level DESC, first_at, name`,
      args: [BigInt(limit)],
    });
    const [total, ...groups] = rows as [Row, ...Row[]];
    return {
      rows: groups.map((row) => ({ name: String(row.name), ...figures(row) })),
      total: figures(total),
      leftOut: Number(total.names) - groups.length,
    };
  },
});
