import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Clock, createPacer } from '../../src/providers/pacing/pacer.js';

/** Time passes only by sleeping. */
function fakeClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      now += ms;
    },
  };
}

/** The most that left within any 60 seconds, its beginning included. */
function mostInAMinute(sends: { at: number; amount: number }[]): number {
  const within = (start: number) => sends.filter(({ at }) => at >= start && at < start + 60_000);
  return Math.max(...sends.map(({ at }) => within(at).reduce((sum, { amount }) => sum + amount, 0)));
}

async function send(
  limits: { requestsPerMinute: number | null; tokensPerMinute: number | null },
  amounts: number[],
) {
  const clock = fakeClock();
  const pacer = createPacer({ ...limits, clock });
  const sends: { at: number; amount: number }[] = [];
  for (const amount of amounts) {
    await pacer.take(amount);
    sends.push({ at: clock.now(), amount });
  }
  return sends;
}

test('without limits nothing waits', async () => {
  const sends = await send({ requestsPerMinute: null, tokensPerMinute: null }, new Array(1000).fill(300_000));
  expect(sends.at(-1)?.at).toBe(0);
});

test('spreads requests over the minute instead of stopping at its end', async () => {
  const sends = await send({ requestsPerMinute: 60, tokensPerMinute: null }, new Array(10).fill(1));
  const gaps = sends.slice(1).map(({ at }, index) => at - (sends[index]?.at ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(1100);
  expect(Math.min(...gaps)).toBeGreaterThan(1000);
});

test('lets one second’s worth go at once', async () => {
  const sends = await send({ requestsPerMinute: 600, tokensPerMinute: null }, new Array(12).fill(1));
  expect(sends.filter(({ at }) => at === 0)).toHaveLength(10);
});

test('uses nearly all of a limit', async () => {
  const sends = await send({ requestsPerMinute: 600, tokensPerMinute: null }, new Array(6000).fill(1));
  expect(sends.at(-1)?.at).toBeLessThan(10.2 * 60_000);
});

test('never exceeds either limit in any minute', async () => {
  const perMinute = fc.integer({ min: 1, max: 200 });
  await fc.assert(
    fc.asyncProperty(
      perMinute,
      perMinute,
      fc.array(fc.nat(60), { minLength: 1, maxLength: 300 }),
      async (r, t, amounts) => {
        const limit = Math.max(t, ...amounts);
        const sends = await send({ requestsPerMinute: r, tokensPerMinute: limit }, amounts);
        expect(mostInAMinute(sends)).toBeLessThanOrEqual(limit);
        expect(mostInAMinute(sends.map(({ at }) => ({ at, amount: 1 })))).toBeLessThanOrEqual(r);
      },
    ),
    { numRuns: 200 },
  );
});

test('a request larger than the whole limit goes alone', async () => {
  const sends = await send({ requestsPerMinute: null, tokensPerMinute: 1000 }, [10, 5000, 10]);
  expect((sends[1]?.at ?? 0) - (sends[0]?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
  expect((sends[2]?.at ?? 0) - (sends[1]?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
});

test.each([0.5, 0.94, 1.7])(
  'estimates that are wrong by %d are corrected by what the provider counts',
  async (actual) => {
    const clock = fakeClock();
    const pacer = createPacer({ requestsPerMinute: null, tokensPerMinute: 60_000, clock });
    let counted = 0;
    while (clock.now() < 20 * 60_000) {
      await pacer.take(500);
      counted += 500 * actual;
      pacer.counted(500, 500 * actual);
      // A repeat from the cache says nothing about texts.
      pacer.counted(500, 0);
    }
    expect(counted / 20 / 60_000).toBeGreaterThan(0.97);
    expect(counted / 20 / 60_000).toBeLessThan(1.01);
  },
);

test('one that waits can give up without spending anything', async () => {
  let now = 0;
  const wakes: (() => void)[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('woken')), { once: true });
        wakes.push(() => {
          now += ms;
          resolve();
        });
      }),
  };
  const pacer = createPacer({ requestsPerMinute: 1, tokensPerMinute: null, clock });
  await pacer.take(1);
  const giving = new AbortController();
  const gone = pacer.take(1, giving.signal);
  const next = pacer.take(1);
  await expect.poll(() => wakes.length).toBe(1);
  giving.abort(new Error('cancelled'));
  await expect(gone).rejects.toThrow('cancelled');
  await expect.poll(() => wakes.length).toBe(2);
  wakes[1]?.();
  await next;
  expect(now).toBeLessThan(62_000);
});

test('by default it sleeps in real time, and an abort ends the sleep', async () => {
  const pacer = createPacer({ requestsPerMinute: 1, tokensPerMinute: null });
  await pacer.take(1);
  const giving = new AbortController();
  const gone = pacer.take(1, giving.signal);
  setImmediate(() => giving.abort(new Error('cancelled')));
  await expect(gone).rejects.toThrow('cancelled');
});

test.each([0, -5, Number.NaN])('refuses a limit of %d', (limit) => {
  expect(() => createPacer({ requestsPerMinute: limit, tokensPerMinute: null })).toThrow(RangeError);
});
