import { describe, expect, test } from 'vitest';
import { createPacer, type Use } from '../../src/providers/pacing/pacer.js';

/** What was booked, and when each may leave, ms; a sleep ends when it is woken. */
function scene(waits: number[] = []) {
  const booked: (readonly Use[])[] = [];
  const wakes: (() => void)[] = [];
  return {
    booked,
    wakes,
    parts: {
      async book(uses: readonly Use[]) {
        booked.push(uses);
        return waits.shift() ?? 0;
      },
      clock: { sleep: () => new Promise<void>((resolve) => wakes.push(resolve)) },
    },
  };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('without limits nothing waits, and nothing is booked', async () => {
  const { booked, parts } = scene();
  const pacer = createPacer({ requestsPerMinute: null, tokensPerMinute: null, ...parts });
  for (let at = 0; at < 1000; at++) await pacer.take(300_000);
  expect(booked).toEqual([]);
});

test('both limits are booked together', async () => {
  const { booked, parts } = scene();
  await createPacer({ requestsPerMinute: 60, tokensPerMinute: 6000, ...parts }).take(50);
  expect(booked).toEqual([
    [
      { name: 'requests', perMinute: 60, amount: 1 },
      { name: 'tokens', perMinute: 6000, amount: 50 },
    ],
  ]);
});

test.each([
  ['requests', { requestsPerMinute: 240, tokensPerMinute: null }, [1, 4, 4, 1]],
  ['tokens', { requestsPerMinute: null, tokensPerMinute: 1200 }, [1, 2, 2, 2, 2, 1]],
])('those who wait at once book together, at most a second’s worth of %s', async (name, limits, groups) => {
  const { booked, parts } = scene();
  const pacer = createPacer({ ...limits, ...parts });
  await Promise.all(Array.from({ length: 10 }, () => pacer.take(10)));
  const per = name === 'requests' ? 1 : 10;
  expect(booked.map(([use]) => (use?.amount ?? 0) / per)).toEqual(groups);
});

test('requests leave in the order of asking', async () => {
  const { parts } = scene();
  const pacer = createPacer({ requestsPerMinute: 60, tokensPerMinute: null, ...parts });
  const order: number[] = [];
  await Promise.all(Array.from({ length: 5 }, (_, at) => pacer.take(1).then(() => order.push(at))));
  expect(order).toEqual([0, 1, 2, 3, 4]);
});

describe('one that waits and gives up', () => {
  test('leaves what was booked for it to the next', async () => {
    const { booked, wakes, parts } = scene([61_000]);
    const pacer = createPacer({ requestsPerMinute: 1, tokensPerMinute: null, ...parts });
    const giving = new AbortController();
    const gone = pacer.take(1, giving.signal);
    const next = pacer.take(1);
    await settled();
    giving.abort(new Error('cancelled'));
    await expect(gone).rejects.toThrow('cancelled');
    wakes[0]?.();
    await next;
    expect(booked).toHaveLength(1);
  });

  test('also to one that comes later', async () => {
    const { booked, wakes, parts } = scene([61_000]);
    const pacer = createPacer({ requestsPerMinute: 1, tokensPerMinute: 100, ...parts });
    const giving = new AbortController();
    const gone = pacer.take(10, giving.signal);
    await settled();
    giving.abort(new Error('cancelled'));
    await expect(gone).rejects.toThrow('cancelled');
    const larger = pacer.take(20);
    const smaller = pacer.take(5);
    await settled();
    wakes[0]?.();
    await smaller;
    await larger;
    // What needs more books anew.
    expect(booked).toHaveLength(2);
  });

  test('before it asks', async () => {
    const { booked, parts } = scene();
    const pacer = createPacer({ requestsPerMinute: 1, tokensPerMinute: null, ...parts });
    await expect(pacer.take(1, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
    expect(booked).toEqual([]);
  });
});

test('what cannot be booked fails those who asked, and nobody else', async () => {
  let down = true;
  const pacer = createPacer({
    requestsPerMinute: 60,
    tokensPerMinute: null,
    book: async () => {
      if (down) throw new Error('the store does not answer');
      return 0;
    },
  });
  await expect(pacer.take(1)).rejects.toThrow('the store does not answer');
  down = false;
  await pacer.take(1);
});

test('by default it sleeps in real time, and an abort ends the wait', async () => {
  const pacer = createPacer({ requestsPerMinute: 1, tokensPerMinute: null, book: async () => 60_000 });
  const giving = new AbortController();
  const gone = pacer.take(1, giving.signal);
  setImmediate(() => giving.abort(new Error('cancelled')));
  await expect(gone).rejects.toThrow('cancelled');
});

test.each([0, -5, Number.NaN])('refuses a limit of %d', (limit) => {
  const { parts } = scene();
  expect(() => createPacer({ requestsPerMinute: limit, tokensPerMinute: null, ...parts })).toThrow(
    RangeError,
  );
});
