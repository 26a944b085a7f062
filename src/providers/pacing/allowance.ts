import type { ErrorBody } from '../errors/error-body.js';
import { type Renewal, renewal, retryAfterMs } from './retry-after.js';

/** From this wait on, milliseconds, the message says until when. */
const WORTH_SAYING_MS = 300_000;
const DAILY = /\bper[- ]day\b|\bdaily\b/i;

/** An allowance that is used up, and when it is renewed. */
export interface Allowance {
  waitMs: number;
  /** Null where the wait is short. */
  sentence: string | null;
}

/**
 * Returns the used-up allowance of a 429, whose renewal X-RateLimit-Reset names, in the headers or in the error's
 * metadata (OpenRouter's free models). Null when Retry-After is enough, or when that allowance is not the one used up.
 */
export function allowanceOf(body: ErrorBody | null, headers: Headers): Allowance | null {
  const inside = headersInside(body?.metadata);
  const header = (name: string): unknown => headers.get(name) ?? inside.get(name) ?? null;
  const until = renewal(header('x-ratelimit-reset'), headers);
  if (until === null) return null;
  const daily = DAILY.test(body?.message ?? '');
  const remaining = header('x-ratelimit-remaining');
  const asked = retryAfterMs(headers);
  if (!daily && remaining !== null && Number(remaining) > 0) return null;
  // Retry-After wins over the end of a window that may be another limit's.
  if (asked !== null && (asked >= until.waitMs || (!daily && remaining === null))) return null;
  return { waitMs: until.waitMs, sentence: sentenceOf(until, daily) };
}

const sentenceOf = ({ waitMs, at }: Renewal, daily: boolean): string | null =>
  waitMs < WORTH_SAYING_MS && !daily
    ? null
    : `the ${daily ? 'daily ' : ''}allowance is used up until ${minuteUtc(at)}: wait till then, or add credit`;

/** Returns for example `2026-11-26 07:30 UTC`, rounded up, so that the allowance is renewed by then. */
const minuteUtc = (at: number): string =>
  `${new Date(Math.ceil(at / 60_000) * 60_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function headersInside(metadata: unknown): Map<string, unknown> {
  const inside = (metadata as { headers?: unknown } | null | undefined)?.headers;
  if (typeof inside !== 'object' || inside === null) return new Map();
  return new Map(Object.entries(inside).map(([name, value]) => [name.toLowerCase(), value]));
}
