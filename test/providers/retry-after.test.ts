import { expect, test } from 'vitest';
import { renewal, retryAfterMs } from '../../src/providers/pacing/retry-after.js';

const now = Date.UTC(2026, 10, 6, 8, 49, 37);

test.each<[Record<string, string>, number | null]>([
  [{}, null],
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': '0' }, null],
  [{ 'retry-after': '0.001' }, 1000],
  [{ 'retry-after': '1.5' }, 1500],
  [{ 'retry-after': '-3' }, null],
  [{ 'retry-after': '1000000000' }, 300_000],
  [{ 'retry-after': '1e9' }, 300_000],
  [{ 'retry-after': '9'.repeat(400) }, 300_000],
  [{ 'retry-after': 'Fri, 06 Nov 2026 08:49:47 GMT' }, 10_000],
  [{ 'retry-after': 'Friday, 06-Nov-26 08:49:47 GMT' }, 10_000],
  [{ 'retry-after': 'Fri Nov  6 08:49:47 2026' }, 10_000],
  [{ 'retry-after': 'Fri, 06 Nov 2026 08:00:00 GMT' }, null],
  [{ 'retry-after': 'Fri, 06 Nov 2099 08:00:00 GMT' }, 300_000],
  [{ 'retry-after': 'Fri, 99 Nov 2026 08:49:47 GMT' }, null],
  [{ 'retry-after': 'soon' }, null],
  [{ 'retry-after': 'in 5 minutes' }, null],
  [{ 'retry-after': '5 bananas' }, null],
  [{ 'retry-after': '' }, null],
  [{ 'retry-after-ms': '2500', 'retry-after': '7' }, 2500],
  [{ 'retry-after-ms': '20', 'retry-after': '7' }, 1000],
  [{ 'retry-after-ms': 'x', 'retry-after': '7' }, 7000],
  // The provider's clock is a day ahead of ours.
  [{ 'retry-after': 'Sat, 07 Nov 2026 08:49:47 GMT', date: 'Sat, 07 Nov 2026 08:49:37 GMT' }, 10_000],
])('%j: %j ms', (headers, expected) => {
  expect(retryAfterMs(new Headers(headers), now)).toBe(expected);
});

const date = { date: new Date(now).toUTCString() };
test.each<[unknown, Record<string, string>, number | null]>([
  [String(now + 6 * 3_600_000), date, 6 * 3_600_000],
  [String((now + 3_600_000) / 1000), date, 3_600_000],
  [(now + 3_600_000) / 1000, date, 3_600_000],
  ['60', date, 60_000],
  ['0.2', date, 1000],
  [String(now + 400 * 86_400_000), date, 86_400_000],
  // The provider's clock is a day ahead of ours.
  [String(now + 86_400_000 + 5000), { date: new Date(now + 86_400_000).toUTCString() }, 5000],
  [String(now + 5000), {}, 5000],
  [String(now - 1000), date, null],
  ['0', date, null],
  ['tomorrow', date, null],
  [null, date, null],
  [{}, date, null],
])('an allowance renewed at %j (%j): %j ms', (reset, headers, waitMs) => {
  expect(renewal(reset, new Headers(headers), now)?.waitMs ?? null).toBe(waitMs);
});
