import type { Row } from '@libsql/client';
import { usageFault } from '../../fault.js';
import type { StoreConnection } from './connection.js';
import { COST, metadataField, TOKENS, uncertain } from './money.js';

/** One attempt in the ledger. Times are ISO, UTC; amounts in integer nanodollars. */
export interface LedgerAttempt {
  requestId: string;
  runId: string;
  operation: string;
  model: string;
  status: string;
  createdAt: string;
  settledAt: string | null;
  tokens: bigint | null;
  /** Null: unknown, or not answered yet. */
  costNanos: bigint | null;
  /** Upper bound of its whole cost; null: no price was known. */
  mostNanos: bigint | null;
  /** The part of `costNanos` that the user's own key paid to the model's provider; null if it was not stated. */
  upstreamNanos: bigint | null;
  /** Answered from the provider's response cache, at no cost. */
  cached: boolean;
  providerId: string | null;
}

export interface AttemptReads {
  /** Returns attempts with a request id > `after` ('' at first), ascending. Null if there is no ledger yet. */
  ledgerPage(after: string, limit: number): Promise<LedgerAttempt[] | null>;
}

const NEEDED = [
  'request_id',
  'run_id',
  'model',
  'status',
  'total_cost_nanos',
  'created_at',
  'extra_metadata',
];

const text = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
/** Read as text: the client refuses integers beyond 2^53. */
const bigint = (value: unknown): bigint | null => (value === null ? null : BigInt(String(value)));

const attempt = (row: Row): LedgerAttempt => {
  const costNanos = bigint(row.cost);
  const room = bigint(row.room);
  return {
    requestId: String(row.request_id),
    runId: String(row.run_id),
    operation: String(row.operation),
    model: String(row.model),
    status: String(row.status),
    createdAt: String(row.created_at),
    settledAt: text(row.settled_at),
    tokens: bigint(row.tokens),
    costNanos,
    mostNanos: room === null ? null : (costNanos ?? 0n) + room,
    upstreamNanos: bigint(row.upstream),
    cached: Number(row.cached ?? 0) === 1,
    providerId: text(row.provider_id),
  };
};

/** Creates the paged reads of the ledger's attempts. They upgrade no table. */
export const createAttemptReads = (connection: StoreConnection): AttemptReads => ({
  async ledgerPage(after, limit) {
    const table = await connection.read('ledger', "SELECT name FROM pragma_table_info('api_usage')");
    const columns = new Set(table.rows.map((row) => String(row.name)));
    if (columns.size === 0) return null;
    if (NEEDED.some((name) => !columns.has(name)))
      throw usageFault(
        'TURSO_DATABASE_URL: its table api_usage was not created by this program: use another database',
      );
    const digits = (value: string): string => `CAST(${value} AS TEXT)`;
    const { rows } = await connection.read('ledger', {
      sql: `SELECT request_id, run_id, operation, model, status, created_at, settled_at,
          ${digits(TOKENS)} AS tokens, ${digits(COST)} AS cost,
          ${digits(uncertain({ older: !columns.has('bound_nanos') }))} AS room,
          ${digits(`CAST(${metadataField('upstreamNanos')} AS INTEGER)`)} AS upstream,
          ${metadataField('cached')} AS cached, ${metadataField('providerId')} AS provider_id
        FROM api_usage WHERE request_id > ? ORDER BY request_id LIMIT ?`,
      args: [after, BigInt(limit)],
    });
    return rows.map(attempt);
  },
});
