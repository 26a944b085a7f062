import { batchesFor, type Fleet, requestsOf } from './fleet.js';

/**
 * The run's gate. A 429 closes it for all workers, and one batch probes before it opens again. After that each worker
 * finds its own number of requests in flight (`providers/pacing/throttle.ts`).
 */
export interface Window {
  /**
   * Only for executions that began under an earlier version: most requests in flight. Each 429 halves it, and `allowed`
   * successes add one.
   */
  allowed: number;
  /** Epoch ms until which nothing is sent; 0: open. */
  closedUntil: number;
  /** 429s in a row without a success in between. The wait grows with them if the provider states none. */
  refusals: number;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

export const openWindow = (concurrency: number): Window => ({
  allowed: concurrency,
  closedUntil: 0,
  refusals: 0,
});

/** Determines how many batches may be under way; executions that began under an earlier version have no `fleet`. */
export interface Sized {
  window: Window;
  fleet?: Fleet;
  request: { concurrency: number };
}

/** Returns how many batches may be scheduled. After a 429 one batch probes before the window opens again. */
export const windowSize = ({ window, fleet, request }: Sized): number =>
  window.refusals > 0
    ? 1
    : batchesFor(fleet === undefined ? Math.floor(window.allowed) : requestsOf(fleet, request.concurrency));

/** Returns how many requests the run may have in flight in each worker. */
export const requestsAllowed = ({ window, fleet, request }: Sized): number =>
  fleet === undefined ? Math.max(1, Math.floor(window.allowed)) : request.concurrency;

export const succeeded = (window: Window, concurrency: number): Window => ({
  allowed: Math.min(concurrency, window.allowed + 1 / window.allowed),
  closedUntil: window.closedUntil,
  refusals: 0,
});

/** Closes only the gate, after a 429 of a worker that has learned the provider's pace and knows how much to send. */
export const closed = (window: Window, now: number, retryAfterMs: number | null): Window => ({
  ...window,
  closedUntil: Math.max(window.closedUntil, now + (retryAfterMs ?? FIRST_WAIT_MS)),
});

/** Closes the gate and halves the window. Ignores the 429s of batches that were sent before the gate closed. */
export function refused(window: Window, now: number, retryAfterMs: number | null): Window {
  if (now < window.closedUntil) return window;
  const refusals = window.refusals + 1;
  const wait = retryAfterMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (refusals - 1));
  return { allowed: Math.max(1, window.allowed / 2), closedUntil: now + Math.max(wait, 100), refusals };
}
