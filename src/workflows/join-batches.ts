import type { BatchPlan } from '../contract/plan.js';
import type { RunMemory } from './state.js';

/** Of one activity: what Temporal does for it is a small part of its cost by then. */
const MOST = 8;

/**
 * Planned batches that one activity may take, each still a request of its own. More than one only where nothing speaks
 * against it: no cap, whose reservations are by request; no limit of the provider's and nothing parked, which are found out
 * by single batches; and half of each worker's requests at most, so that the next activity is prepared meanwhile.
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

/** What the first of a queue becomes together with those behind it, `most` in all. They are not taken out. */
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

/** As it was planned: never sent, and of nothing else than its texts. */
const isFresh = (batch: BatchPlan | undefined): boolean =>
  batch !== undefined && Object.keys(batch).every((key) => PLANNED.has(key));
const PLANNED: ReadonlySet<string> = new Set(['id', 'ids', 'count', 'tokensBound']);
