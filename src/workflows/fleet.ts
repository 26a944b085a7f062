/**
 * The workers that have answered lately, by the id that each gives itself: how many requests its own limit lets it have in
 * flight, and when it was heard last, epoch ms. Plain JSON, it travels through continue-as-new.
 */
export type Fleet = Record<string, [requests: number, heardAt: number]>;

/** A worker that answered nothing for so long is gone. Until then batches for it are scheduled, which others take. */
const GONE_MS = 5 * 60_000;
/** A batch is prepared, sent and stored: so that each request slot is used, so many batches are under way for it. */
const AHEAD = 3;
/** Temporal takes 2,000 activities at once of a workflow; planning and the run's mirror are among them. */
const MOST_BATCHES = 1800;

export function heardOf(fleet: Fleet, id: string, requests: number, now: number): void {
  fleet[id] = [requests, now];
  for (const [other, [, heardAt]] of Object.entries(fleet)) if (now - heardAt > GONE_MS) delete fleet[other];
}

/**
 * Requests that all workers together may have in flight for a run of that concurrency: of each the smaller of the run's
 * and its own. While none is known, one worker that has as many as the run asks for is assumed.
 */
export function requestsOf(fleet: Fleet, concurrency: number): number {
  const known = Object.values(fleet);
  if (known.length === 0) return concurrency;
  return known.reduce((sum, [requests]) => sum + Math.min(requests, concurrency), 0);
}

/** Batches that may be under way for so many requests in flight. */
export const batchesFor = (requests: number): number => Math.min(requests * AHEAD, MOST_BATCHES);
