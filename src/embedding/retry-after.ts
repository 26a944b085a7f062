/** Longest wait that a provider is granted, milliseconds: an absurd value must not stop a run for years. */
const MAX_WAIT_MS = 300_000;

/** The three forms of an HTTP date. Date.parse alone takes nearly anything for a date. */
const HTTP_DATE = /^(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? .*\d\d:\d\d:\d\d/;

/**
 * The wait that `retry-after-ms` or `Retry-After` (seconds or HTTP date) asks for, in milliseconds from 0 to five
 * minutes; null when there is none or it cannot be read. Dates count from the answer's own `Date` where it has one:
 * this machine's clock may be off.
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

const number = (value: string | null): number | null =>
  value !== null && /^\s*[+-]?\d+(?:\.\d+)?(?:e\d+)?\s*$/i.test(value) ? Number(value) : null;

function date(value: string | null): number | null {
  if (value === null || !HTTP_DATE.test(value)) return null;
  const at = Date.parse(/GMT|UTC|[+-]\d{4}$/.test(value) ? value : `${value} GMT`);
  return Number.isNaN(at) ? null : at;
}

const clamp = (ms: number): number => Math.min(Math.max(Math.round(ms), 0), MAX_WAIT_MS);
