import { describe, expect, it } from 'vitest';
import { createLimiter } from '../../src/providers/pacing/limiter.js';
import { createThrottle } from '../../src/providers/pacing/throttle.js';
import { seeded } from '../../src/seeded-random.js';
import { refusal, TooMany } from '../support/too-many.js';
import { createVirtualClock } from '../support/virtual-clock.js';

/**
 * How many requests pass in each minute at a provider that refuses at random, eight at a time, half a second each. It has
 * no limit, so 960 a minute can pass. `share`: of the requests that are refused, by the minute.
 */
async function refusedAtRandom(minutes: number, share: (minute: number) => number, seed: number) {
  const clock = createVirtualClock();
  const throttle = createThrottle({ refusal, clock });
  const slots = createLimiter(8);
  const random = seeded(seed);
  const passed = Array.from({ length: minutes }, () => 0);
  const end = minutes * 60_000;
  const send = async (): Promise<void> => {
    await clock.sleep(500);
    const minute = Math.floor(clock.now() / 60_000);
    if (random.chance(share(minute))) throw new TooMany(null);
    if (minute < minutes) passed[minute] = (passed[minute] ?? 0) + 1;
  };
  const loop = async (): Promise<void> => {
    while (clock.now() < end) await slots.run(() => throttle.run(send)).catch(() => undefined);
  };
  for (let worker = 0; worker < 8; worker++) void loop();
  await clock.run(end);
  return passed;
}

describe('a provider that refuses at random', () => {
  it.each([1, 2, 3, 4, 5])(
    'is not taken for one with a limit, however long it goes on (%i)',
    async (seed) => {
      const passed = await refusedAtRandom(15, () => 0.05, seed);
      const late = passed.slice(5).reduce((sum, count) => sum + count, 0) / 10;
      expect(late).toBeGreaterThan(200);
    },
  );

  it.each([1, 2, 3, 4, 5])('for a minute slows nothing down five minutes later (%i)', async (seed) => {
    const passed = await refusedAtRandom(10, (minute) => (minute === 0 ? 0.6 : 0), seed);
    expect(passed.slice(6)).toEqual([960, 960, 960, 960]);
  });
});
