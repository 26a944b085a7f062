import type { BatchPlan } from '../contract/plan.js';
import type { RunMemory } from './state.js';

/** Most batches in one activity: more would hardly reduce Temporal's work for each batch. */
const MOST = 8;

/**
 * Returns how many planned batches one activity may take; each is still a request of its own. At most half of the
 * requests that the smallest worker may have in flight, so that it prepares the next activity meanwhile. 1 under a cap,
 * which reserves for each request. 1 after a 429 or while batches are parked: single batches show sooner what is wrong.
 */
export function mostJoined({
  request,
  parked,
  window,
  pacePerMinute = null,
  fleet = {},
}: Pick<RunMemory, 'request' | 'parked' | 'window' | 'pacePerMinute' | 'fleet'>): number {
  const disturbed =
    window.refusals > 0 || window.closedUntil > Date.now() || parked.length > 0 || pacePerMinute !== null;
  if (disturbed || request.maxCostNanos !== null) return 1;
  const limits = Object.values(fleet).map(([requests]) => Math.min(requests, request.concurrency));
  return limits.length === 0 ? 1 : Math.max(1, Math.min(MOST, Math.floor(Math.min(...limits) / 2)));
}

/** Returns the first batches of a queue joined into one, at most `most`, and their number. They stay in the queue. */
export function joinedOf(
  queue: readonly BatchPlan[],
  most: number,
): { batch: BatchPlan; taken: number } | null {
  const [first] = queue;
  if (first === undefined) return null;
  let taken = 1;
  if (isFresh(first)) while (taken < most && isFresh(queue[taken])) taken += 1;
  if (taken === 1) return { batch: first, taken };
  const all = queue.slice(0, taken);
  const sum = (of: (batch: BatchPlan) => number): number =>
    all.reduce((total, batch) => total + of(batch), 0);
  return {
    batch: {
      id: first.id,
      ids: all.map(({ ids }) => ids).join(','),
      count: sum(({ count }) => count),
      tokensBound: sum(({ tokensBound }) => tokensBound),
      parts: all.map(({ count }) => count),
    },
    taken,
  };
}

/** Returns whether the batch is as planned: never sent and not joined. */
const isFresh = (batch: BatchPlan | undefined): boolean =>
  batch !== undefined && Object.keys(batch).every((key) => PLANNED.has(key));
const PLANNED: ReadonlySet<string> = new Set(['id', 'ids', 'count', 'tokensBound']);
