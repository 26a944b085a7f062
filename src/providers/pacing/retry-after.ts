/** Longest wait for `Retry-After`, milliseconds; larger values are reduced, so that none stops a run for years. */
const MAX_WAIT_MS = 300_000;
/** Shortest wait, milliseconds: less would be an immediate resend, whatever the provider says. */
const MIN_WAIT_MS = 1000;
/** Longest wait for the renewal of an allowance, milliseconds: allowances last a day at most. */
const MAX_RENEWAL_MS = 86_400_000;

/** The three forms of an HTTP date. Date.parse alone accepts almost anything as a date. */
const HTTP_DATE = /^(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? .*\d\d:\d\d:\d\d/;

/**
 * Returns the wait that `retry-after-ms` or `Retry-After` (seconds or HTTP date) asks for, in milliseconds from one
 * second to five minutes. Null when it is missing, unreadable, or 0 or less: the caller then backs off by itself. Dates
 * count from the answer's own `Date` if present, as this machine's clock may be wrong.
 */
export function retryAfterMs(headers: Headers, now: number = Date.now()): number | null {
  const precise = number(headers.get('retry-after-ms'));
  if (precise !== null) return clamp(precise);
  const value = headers.get('retry-after');
  const seconds = number(value);
  if (seconds !== null) return clamp(seconds * 1000);
  const until = date(value);
  return until === null ? null : clamp(until - (date(headers.get('date')) ?? now));
}

export interface Renewal {
  /** Milliseconds until the renewal, from one second to 24 hours. */
  waitMs: number;
  /** Epoch milliseconds by the provider's clock. */
  at: number;
}

/**
 * Returns when an allowance is renewed, by X-RateLimit-Reset: epoch seconds, epoch milliseconds or seconds from now.
 * Null when it is missing, unreadable, or in the past.
 */
export function renewal(reset: unknown, headers: Headers, now: number = Date.now()): Renewal | null {
  const value = typeof reset === 'number' ? reset : number(typeof reset === 'string' ? reset : null);
  if (value === null || !(value > 0)) return null;
  const theirs = date(headers.get('date')) ?? now;
  const at = value >= 1e11 ? value : value >= 1e9 ? value * 1000 : theirs + value * 1000;
  const waitMs = Math.min(Math.round(at - theirs), MAX_RENEWAL_MS);
  return waitMs <= 0 ? null : { waitMs: Math.max(waitMs, MIN_WAIT_MS), at: theirs + waitMs };
}

const number = (value: string | null): number | null =>
  value !== null && /^\s*[+-]?\d+(?:\.\d+)?(?:e\d+)?\s*$/i.test(value) ? Number(value) : null;

function date(value: string | null): number | null {
  if (value === null || !HTTP_DATE.test(value)) return null;
  const at = Date.parse(/GMT|UTC|[+-]\d{4}$/.test(value) ? value : `${value} GMT`);
  return Number.isNaN(at) ? null : at;
}

const clamp = (ms: number): number | null =>
  Math.round(ms) <= 0 ? null : Math.min(Math.max(Math.round(ms), MIN_WAIT_MS), MAX_WAIT_MS);
