import { NOW_MS } from './clock.js';
import type { StoreConnection } from './connection.js';
import { now, type Standstill, watchStandstill } from './standstill.js';

const LEASE_MS = 90_000;
/** Renewals per lease: several may fail before it expires. */
const RENEWALS = 4.5;
/** An attempt still open then was forgotten: its lease is not renewed, so that no batch waits for ever. */
const LONGEST_HOLD_MS = 60 * 60_000;

/** The attempts that this process holds open. Their leases are renewed as long as the process runs. */
export interface Leases {
  readonly leaseMs: number;
  /** Runs a write that opens these attempts, and holds them once it has succeeded. */
  holding<T>(requestIds: readonly string[], write: () => Promise<T>): Promise<T>;
  release(requestIds: readonly string[]): void;
  /**
   * Returns whether this process still holds the attempt. Asks the store only if the process stood still since the
   * attempt was opened or asked about: others may have given it up and be buying its texts.
   */
  holds(requestId: string): Promise<boolean>;
  close(): void;
}

/** Times by a monotonic clock. */
interface Hold {
  since: number;
  /** When the store was last asked for it and had it as pending. */
  seen: number;
}

/** `clock`: default the system's. */
export function createLeases(connection: StoreConnection, leaseMs = LEASE_MS, clock = now): Leases {
  const held = new Map<string, Hold>();
  let timer: NodeJS.Timeout | null = null;
  let standstill: Standstill | null = null;

  async function renew(): Promise<void> {
    const { monotonic } = clock();
    for (const [id, { since }] of held) if (monotonic - since > LONGEST_HOLD_MS) held.delete(id);
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

  async function isPending(requestId: string): Promise<boolean> {
    const { rows } = await connection.read('is pending', {
      sql: "SELECT 1 FROM api_usage WHERE request_id = ? AND status = 'pending'",
      args: [requestId],
    });
    return rows.length > 0;
  }

  function stop(): void {
    if (timer !== null) clearInterval(timer);
    timer = null;
    standstill?.stop();
    standstill = null;
  }

  return {
    leaseMs,
    async holding(requestIds, write) {
      // Taken before: the process may stand still while the store answers.
      const asked = clock();
      const result = await write();
      for (const id of requestIds) held.set(id, { since: asked.monotonic, seen: asked.monotonic });
      if (held.size === 0 || timer !== null) return result;
      standstill = watchStandstill(asked, clock);
      timer = setInterval(() => void renew(), leaseMs / RENEWALS);
      timer.unref();
      return result;
    },
    release(requestIds) {
      for (const id of requestIds) held.delete(id);
      if (held.size === 0) stop();
    },
    async holds(requestId) {
      // The process may stand still again while the store answers.
      for (let hold = held.get(requestId); hold !== undefined; hold = held.get(requestId)) {
        if (standstill === null || standstill.lastEnd() <= hold.seen) return true;
        const asked = clock().monotonic;
        if (await isPending(requestId)) hold.seen = asked;
        else held.delete(requestId);
      }
      return false;
    },
    close() {
      held.clear();
      stop();
    },
  };
}
