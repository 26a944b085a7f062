/**
 * The workers that have answered lately, by worker id: each one's own limit of requests in flight, and the time of its
 * last answer in epoch ms. Plain JSON: continue-as-new passes it on.
 */
export type Fleet = Record<string, [requests: number, heardAt: number]>;

/** A worker without an answer for this long is gone. Batches scheduled for it until then go to other workers. */
const GONE_MS = 5 * 60_000;
/** Batches under way for each request slot: one is prepared, one sent and one stored, so that no slot stays unused. */
const AHEAD = 3;
/** Temporal allows 2,000 pending activities a workflow; planning and the run's mirror are among them. */
const MOST_BATCHES = 1800;

export function heardOf(fleet: Fleet, id: string, requests: number, now: number): void {
  fleet[id] = [requests, now];
  for (const [other, [, heardAt]] of Object.entries(fleet)) if (now - heardAt > GONE_MS) delete fleet[other];
}

/**
 * Returns how many requests all workers together may have in flight for a run: for each worker the smaller of
 * `concurrency` and its own limit. While no worker is known, one worker with the limit `concurrency` is assumed.
 */
export function requestsOf(fleet: Fleet, concurrency: number): number {
  const known = Object.values(fleet);
  if (known.length === 0) return concurrency;
  return known.reduce((sum, [requests]) => sum + Math.min(requests, concurrency), 0);
}

/** Returns how many batches may be under way for this many requests in flight. */
export const batchesFor = (requests: number): number => Math.min(requests * AHEAD, MOST_BATCHES);
