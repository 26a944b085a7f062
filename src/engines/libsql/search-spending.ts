import type { StoreConnection } from './connection.js';
import { COST, sum, uncertain } from './money.js';

export interface SearchSpending {
  /** Returns what searches have cost since an ISO time, UTC. `before`: the request that asks, see `reservedNanos`. */
  searchSpending(since: string, before?: string): Promise<SearchAmounts>;
}

/** Nanodollars. A request of unknown price counts as 0. */
export interface SearchAmounts {
  requests: number;
  costNanos: bigint;
  /** The cost, and what ended requests whose answer was lost may have cost besides. */
  atMostNanos: bigint;
  /** The bounds of the requests that are under way, of those that were opened before the one that asks. */
  reservedNanos: bigint;
}

export const createSearchSpending = (connection: StoreConnection): SearchSpending => ({
  async searchSpending(since, before) {
    const more = `COALESCE(${uncertain()}, 0)`;
    // Rowids are in order of insertion: of two requests that are opened at once, only the later counts the other.
    const earlier =
      before === undefined ? '' : 'AND rowid < (SELECT rowid FROM api_usage WHERE request_id = ?2)';
    const { rows } = await connection.read('search spending', {
      sql: `SELECT COUNT(*) AS requests, ${sum(`COALESCE(${COST}, 0)`)} AS cost,
          ${sum(more, "status <> 'pending'")} AS more, ${sum(more, `status = 'pending' ${earlier}`)} AS reserved
        FROM api_usage WHERE operation = 'search' AND created_at >= ?1`,
      args: [since, ...(before === undefined ? [] : [before])],
    });
    const [row] = rows;
    const costNanos = BigInt(String(row?.cost ?? 0));
    return {
      requests: Number(row?.requests ?? 0),
      costNanos,
      atMostNanos: costNanos + BigInt(String(row?.more ?? 0)),
      reservedNanos: BigInt(String(row?.reserved ?? 0)),
    };
  },
});
