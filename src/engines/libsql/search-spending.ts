import type { StoreConnection } from './connection.js';
import { COST, sum, uncertain } from './money.js';

export interface SearchSpending {
  /**
   * Returns what searches have cost since an ISO time, UTC, in nanodollars. `atMostNanos` adds the bounds of requests
   * that are pending or may have been billed; a request of unknown price counts as 0.
   */
  searchSpending(since: string): Promise<{ requests: number; costNanos: bigint; atMostNanos: bigint }>;
}

export const createSearchSpending = (connection: StoreConnection): SearchSpending => ({
  async searchSpending(since) {
    const { rows } = await connection.read('search spending', {
      sql: `SELECT COUNT(*) AS requests, ${sum(`COALESCE(${COST}, 0)`)} AS cost,
          ${sum(`COALESCE(${uncertain()}, 0)`)} AS more
        FROM api_usage WHERE operation = 'search' AND created_at >= ?`,
      args: [since],
    });
    const [row] = rows;
    const costNanos = BigInt(String(row?.cost ?? 0));
    return {
      requests: Number(row?.requests ?? 0),
      costNanos,
      atMostNanos: costNanos + BigInt(String(row?.more ?? 0)),
    };
  },
});
