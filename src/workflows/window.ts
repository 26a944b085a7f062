/**
 * How many batches may be under way. Requests in flight (`allowed`) follow AIMD: halved by a 429, widened by one for
 * each `allowed` successes. The window is wider than that, since a slot between two activities costs round trips:
 * some batches prepare and some store while others wait for the provider.
 */
export interface Window {
  /** Requests in flight at most: between 1 and the run's concurrency, fractional while it grows. */
  allowed: number;
  /** Epoch ms until which nothing is sent; 0: open. */
  closedUntil: number;
  /** 429s in a row without a success between: the wait grows with them when the provider names none. */
  refusals: number;
}

const AHEAD = 3;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

export const openWindow = (concurrency: number): Window => ({
  allowed: concurrency,
  closedUntil: 0,
  refusals: 0,
});

/** Batches that may be scheduled. After a 429 one batch probes before the window opens again. */
export const windowSize = (window: Window): number =>
  window.refusals > 0 ? 1 : Math.floor(window.allowed) * AHEAD;

export const requestsAllowed = (window: Window): number => Math.max(1, Math.floor(window.allowed));

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
