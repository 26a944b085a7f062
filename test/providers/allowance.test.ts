import { describe, expect, test } from 'vitest';
import { httpError } from '../../src/providers/errors/classify.js';
import { errorBody } from '../../src/providers/errors/error-body.js';

const now = Date.UTC(2026, 10, 26, 1, 29, 30);
const HOUR = 3_600_000;
const date = { date: new Date(now).toUTCString() };
const DAILY =
  'Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day';
const MINUTE = 'Rate limit exceeded: free-models-per-min.';

const refused = (headers: Record<string, string>, message: string, metadata?: unknown) =>
  httpError({
    what: 'POST',
    status: 429,
    headers: new Headers({ ...date, ...headers }),
    body: errorBody({ error: { code: 429, message, metadata } }),
  });

describe('a daily allowance that is used up', () => {
  const reset = String(now + 6 * HOUR);
  test.each<[string, Record<string, string>, unknown]>([
    ['a header, in milliseconds', { 'x-ratelimit-reset': reset }, undefined],
    ['a header, in seconds', { 'x-ratelimit-reset': String((now + 6 * HOUR) / 1000) }, undefined],
    ['the error’s metadata', {}, { headers: { 'X-RateLimit-Reset': reset, 'X-RateLimit-Remaining': '0' } }],
    [
      'a header, beside a Retry-After that would ask every minute',
      { 'x-ratelimit-reset': reset, 'retry-after': '60' },
      undefined,
    ],
  ])('waits until the time in %s, and says so', (_where, headers, metadata) => {
    const error = refused(headers, DAILY, metadata);
    expect(error).toMatchObject({ type: 'RateLimited', retryAfterMs: 6 * HOUR, billed: 'no' });
    expect(error.message).toContain(DAILY);
    expect(error.message).toContain(
      'the daily allowance is used up until 2026-11-26 07:30 UTC: wait till then, or add credit',
    );
  });

  test('waits for a day at most', () => {
    expect(refused({ 'x-ratelimit-reset': String(now + 400 * HOUR) }, DAILY).retryAfterMs).toBe(24 * HOUR);
  });
});

test('a short allowance waits for its end, without a word', () => {
  const error = refused({ 'x-ratelimit-reset': String(now + 40_000) }, MINUTE);
  expect(error.retryAfterMs).toBe(40_000);
  expect(error.message).not.toContain('allowance');
});

test.each<[string, Record<string, string>, number | null]>([
  [
    'of another allowance, which is not used up',
    { 'x-ratelimit-reset': String(now + HOUR), 'x-ratelimit-remaining': '7' },
    null,
  ],
  ['that has passed', { 'x-ratelimit-reset': String(now - HOUR) }, null],
  ['beside a Retry-After', { 'x-ratelimit-reset': String(now + HOUR), 'retry-after': '5' }, 5000],
  ['beside a Retry-After of 0', { 'x-ratelimit-reset': String(now + 20_000), 'retry-after': '0' }, 20_000],
])('a reset %s', (_what, headers, retryAfterMs) => {
  expect(refused(headers, 'too many requests').retryAfterMs).toBe(retryAfterMs);
});
