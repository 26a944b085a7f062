import { expect, test } from 'vitest';
import { createLimiter } from '../../src/providers/pacing/limiter.js';

/** A job that ends when told. */
function job(log: string[], name: string) {
  const { promise, resolve } = withResolvers();
  return { end: resolve, fn: async () => void log.push(name, await promise.then(() => `${name} ended`)) };
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('runs at most the limit at once, first come first served', async () => {
  const limiter = createLimiter(2);
  const started: number[] = [];
  let most = 0;
  await Promise.all(
    [0, 1, 2, 3, 4, 5].map((n) =>
      limiter.run(async () => {
        started.push(n);
        most = Math.max(most, limiter.active);
        await settled();
      }),
    ),
  );
  expect(started).toEqual([0, 1, 2, 3, 4, 5]);
  expect(most).toBe(2);
  expect([limiter.active, limiter.waiting]).toEqual([0, 0]);
});

test('passes on results and errors, and frees the slot after both', async () => {
  const limiter = createLimiter(1);
  await expect(limiter.run(async () => 5)).resolves.toBe(5);
  await expect(limiter.run(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(limiter.run(async () => 6)).resolves.toBe(6);
});

test('one that waits can give up, and the others keep their order', async () => {
  const limiter = createLimiter(1);
  const log: string[] = [];
  const first = job(log, 'first');
  const running = limiter.run(first.fn);
  const giving = new AbortController();
  const gone = limiter.run(async () => void log.push('gone'), giving.signal);
  const last = limiter.run(async () => void log.push('last'));
  giving.abort(new Error('cancelled'));
  await expect(gone).rejects.toThrow('cancelled');
  expect(limiter.waiting).toBe(1);
  first.end();
  await Promise.all([running, last]);
  expect(log).toEqual(['first', 'first ended', 'last']);
});

test('one that gives up in the very moment of its turn does not run and frees the slot', async () => {
  const limiter = createLimiter(1);
  const giving = new AbortController();
  let ran = false;
  const gone = limiter.run(async () => {
    ran = true;
  }, giving.signal);
  giving.abort(new Error('cancelled'));
  await expect(gone).rejects.toThrow('cancelled');
  expect(ran).toBe(false);
  expect(limiter.active).toBe(0);
});

test('never starts for a signal that is aborted already', async () => {
  const limiter = createLimiter(1);
  await expect(limiter.run(async () => 1, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow(
    'cancelled',
  );
  expect(limiter.active).toBe(0);
});

test('a raised limit lets waiting ones start, a lowered one lets running ones finish', async () => {
  const limiter = createLimiter(1);
  const log: string[] = [];
  const jobs = ['a', 'b', 'c', 'd'].map((name) => job(log, name));
  const runs = jobs.map(({ fn }) => limiter.run(fn));
  await settled();
  expect([limiter.active, limiter.waiting]).toEqual([1, 3]);
  limiter.setLimit(3);
  expect([limiter.active, limiter.waiting]).toEqual([3, 1]);
  limiter.setLimit(1);
  jobs[0]?.end();
  jobs[1]?.end();
  await settled();
  expect([limiter.active, limiter.waiting]).toEqual([1, 1]);
  jobs[2]?.end();
  jobs[3]?.end();
  await Promise.all(runs);
});

test.each([0, -1, 1.5, Number.NaN])('refuses %d as a limit', (limit) => {
  expect(() => createLimiter(limit)).toThrow(RangeError);
  expect(() => createLimiter(1).setLimit(limit)).toThrow(RangeError);
});

test('a slot given back early goes to the next one, once', async () => {
  const limiter = createLimiter(1);
  const log: string[] = [];
  const [first, ...others] = ['first', 'second', 'third'].map((name) => job(log, name));
  const early = limiter.run(async (release) => {
    release();
    release();
    await first?.fn();
  });
  const rest = others.map(({ fn }) => limiter.run(fn));
  await settled();
  expect([limiter.active, limiter.waiting]).toEqual([1, 1]);
  first?.end();
  await early;
  expect(log).toEqual(['first', 'first ended']);
  expect([limiter.active, limiter.waiting]).toEqual([1, 1]);
  for (const { end } of others) end();
  await Promise.all(rest);
  expect([limiter.active, limiter.waiting]).toEqual([0, 0]);
});
