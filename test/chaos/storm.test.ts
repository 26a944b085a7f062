import { expect, it } from 'vitest';
import { runStorm } from './storm/run-storm.mjs';

it('a short storm of kills and bad weather loses nothing, buys nothing twice, and leaves no secret', async () => {
  const storm = await runStorm({
    seed: 11,
    samples: 1500,
    kills: 6,
    poison: 3,
    batchSize: 50,
    slowMs: 1500,
  });
  // First, since it names what broke and where the evidence is.
  expect({ violations: storm.violations, folder: storm.folder }).toEqual({ violations: [], folder: null });
  expect(storm.lost).toBe(0);
  expect(storm.failed).toBe(3);
  // Not a quiet day: parts were killed (the run may outpace the last kills), and requests were refused, broken and repeated.
  expect(Object.values(storm.kills).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(3);
  expect(storm.requests).toBeGreaterThan(1500 / 50);
}, 240_000);
