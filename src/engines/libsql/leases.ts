import { NOW_MS } from './clock.js';
import type { StoreConnection } from './connection.js';

const LEASE_MS = 90_000;
/** Renewals per lease: several may fail before it expires. */
const RENEWALS = 4.5;
/** An attempt still open then was forgotten: its lease is not renewed, so that no batch waits for ever. */
const LONGEST_HOLD_MS = 60 * 60_000;

/** The attempts that this process holds open. Their leases are renewed as long as the process runs. */
export interface Leases {
  readonly leaseMs: number;
  hold(requestIds: readonly string[]): void;
  release(requestIds: readonly string[]): void;
  close(): void;
}

export function createLeases(connection: StoreConnection, leaseMs = LEASE_MS): Leases {
  /** When each was added, by a monotonic clock. */
  const held = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;

  async function renew(): Promise<void> {
    const now = performance.now();
    for (const [id, since] of held) if (now - since > LONGEST_HOLD_MS) held.delete(id);
    const asked = [...held.keys()];
    if (asked.length === 0) return stop();
    // An unreachable store is tried again at the next renewal; the lease outlasts a few such failures.
    const results = await connection
      .write('renew leases', [
        {
          sql: `UPDATE api_usage SET lease_until = ${NOW_MS} + ?1
            WHERE request_id IN (SELECT value FROM json_each(?2)) AND status = 'pending' RETURNING request_id`,
          args: [BigInt(leaseMs), JSON.stringify(asked)],
        },
      ])
      .catch(() => null);
    if (results === null) return;
    const renewed = new Set((results[0]?.rows ?? []).map((row) => String(row.request_id)));
    // Given up by others, or settled.
    for (const id of asked) if (!renewed.has(id)) held.delete(id);
  }

  function stop(): void {
    if (timer !== null) clearInterval(timer);
    timer = null;
  }

  return {
    leaseMs,
    hold(requestIds) {
      for (const id of requestIds) held.set(id, performance.now());
      if (held.size === 0 || timer !== null) return;
      timer = setInterval(() => void renew(), leaseMs / RENEWALS);
      timer.unref();
    },
    release(requestIds) {
      for (const id of requestIds) held.delete(id);
      if (held.size === 0) stop();
    },
    close() {
      held.clear();
      stop();
    },
  };
}
