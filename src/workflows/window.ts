import { batchesFor, type Fleet, requestsOf } from './fleet.js';

/**
 * The run's gate. A 429 closes it for the whole fleet, and one batch probes before it opens again. How many requests a
 * worker may have in flight after that is the worker's own to find out (`providers/pacing/throttle.ts`).
 */
export interface Window {
  /** Of executions that began under an earlier version: requests in flight at most, halved by each 429 and grown by one for `allowed` successes. */
  allowed: number;
  /** Epoch ms until which nothing is sent; 0: open. */
  closedUntil: number;
  /** 429s in a row without a success between: the wait grows with them when the provider names none. */
  refusals: number;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

export const openWindow = (concurrency: number): Window => ({
  allowed: concurrency,
  closedUntil: 0,
  refusals: 0,
});

/** What says how many batches may be under way; an execution that began under an earlier version knows no fleet. */
export interface Sized {
  window: Window;
  fleet?: Fleet;
  request: { concurrency: number };
}

/** Batches that may be scheduled. After a 429 one batch probes before the window opens again. */
export const windowSize = ({ window, fleet, request }: Sized): number =>
  window.refusals > 0
    ? 1
    : batchesFor(fleet === undefined ? Math.floor(window.allowed) : requestsOf(fleet, request.concurrency));

/** Requests that the run may have in flight in each worker. */
export const requestsAllowed = ({ window, fleet, request }: Sized): number =>
  fleet === undefined ? Math.max(1, Math.floor(window.allowed)) : request.concurrency;

export const succeeded = (window: Window, concurrency: number): Window => ({
  allowed: Math.min(concurrency, window.allowed + 1 / window.allowed),
  closedUntil: window.closedUntil,
  refusals: 0,
});

/** A 429 met by a worker that has learned the provider's pace: it knows how much to send, so only the gate closes. */
export const closed = (window: Window, now: number, retryAfterMs: number | null): Window => ({
  ...window,
  closedUntil: Math.max(window.closedUntil, now + (retryAfterMs ?? FIRST_WAIT_MS)),
});

/** Batches sent before the gate closed answer 429 too: they say nothing new and close it no further. */
export function refused(window: Window, now: number, retryAfterMs: number | null): Window {
  if (now < window.closedUntil) return window;
  const refusals = window.refusals + 1;
  const wait = retryAfterMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (refusals - 1));
  return { allowed: Math.max(1, window.allowed / 2), closedUntil: now + Math.max(wait, 100), refusals };
}
