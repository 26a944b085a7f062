import { expect, test } from 'vitest';
import { retryAfterMs } from '../../src/embedding/retry-after.js';

const now = Date.UTC(2026, 10, 6, 8, 49, 37);

test.each<[Record<string, string>, number | null]>([
  [{}, null],
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '1.5' }, 1500],
  [{ 'retry-after': '-3' }, 0],
  [{ 'retry-after': '1000000000' }, 300_000],
  [{ 'retry-after': '1e9' }, 300_000],
  [{ 'retry-after': '9'.repeat(400) }, 300_000],
  [{ 'retry-after': 'Fri, 06 Nov 2026 08:49:47 GMT' }, 10_000],
  [{ 'retry-after': 'Friday, 06-Nov-26 08:49:47 GMT' }, 10_000],
  [{ 'retry-after': 'Fri Nov  6 08:49:47 2026' }, 10_000],
  [{ 'retry-after': 'Fri, 06 Nov 2026 08:00:00 GMT' }, 0],
  [{ 'retry-after': 'Fri, 06 Nov 2099 08:00:00 GMT' }, 300_000],
  [{ 'retry-after': 'Fri, 99 Nov 2026 08:49:47 GMT' }, null],
  [{ 'retry-after': 'soon' }, null],
  [{ 'retry-after': 'in 5 minutes' }, null],
  [{ 'retry-after': '5 bananas' }, null],
  [{ 'retry-after': '' }, null],
  [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
  [{ 'retry-after-ms': 'x', 'retry-after': '7' }, 7000],
  // The provider's clock is a day ahead of ours.
  [{ 'retry-after': 'Sat, 07 Nov 2026 08:49:47 GMT', date: 'Sat, 07 Nov 2026 08:49:37 GMT' }, 10_000],
])('%j: %j ms', (headers, expected) => {
  expect(retryAfterMs(new Headers(headers), now)).toBe(expected);
});
