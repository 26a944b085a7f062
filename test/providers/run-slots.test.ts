import { expect, it } from 'vitest';
import { createLimiter } from '../../src/providers/pacing/limiter.js';
import { createRunSlots } from '../../src/providers/pacing/run-slots.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Starts so many requests; each ends when told. @returns how many of them run. */
function flood(run: ReturnType<typeof createLimiter>['run'], count: number) {
  const ends: (() => void)[] = [];
  let active = 0;
  const all = Array.from({ length: count }, () =>
    run(async () => {
      active += 1;
      await new Promise<void>((resolve) => ends.push(resolve));
      active -= 1;
    }),
  );
  return {
    active: () => active,
    async finish() {
      let over = false;
      const end = Promise.all(all).then(() => {
        over = true;
      });
      while (!over) {
        for (const end of ends.splice(0)) end();
        await settled();
      }
      await end;
    },
  };
}

it.each([
  ['the run asks for less', 8, 2, 2],
  ['the worker has less', 3, 32, 3],
  ['both say the same', 4, 4, 4],
])('the smaller of the two holds: %s', async (_, own, asked, wanted) => {
  const worker = createLimiter(own);
  const requests = flood(createRunSlots(worker).of('run', asked), 40);
  await settled();
  expect(requests.active()).toBe(wanted);
  expect(worker.limit).toBe(own);
  await requests.finish();
  expect(worker.active).toBe(0);
});

it('a small run leaves the rest of the worker to others, and both together keep its limit', async () => {
  const worker = createLimiter(6);
  const slots = createRunSlots(worker);
  const small = flood(slots.of('small', 2), 10);
  await settled();
  const large = flood(slots.of('large', 32), 10);
  await settled();
  expect([small.active(), large.active()]).toEqual([2, 4]);
  await Promise.all([small.finish(), large.finish()]);
});

it('gives both slots back early, and when a wait is given up', async () => {
  const worker = createLimiter(4);
  const run = createRunSlots(worker).of('run', 1);
  let end = (): void => {};
  const first = run(async (release) => {
    release();
    await new Promise<void>((resolve) => {
      end = resolve;
    });
  });
  await settled();
  // The first has released its slot and goes on.
  await run(async () => undefined);
  end();
  await first;
  const abort = new AbortController();
  const holds = flood(run, 1);
  await settled();
  const waits = run(async () => undefined, abort.signal);
  abort.abort(new Error('given up'));
  await expect(waits).rejects.toThrow('given up');
  await holds.finish();
  await expect(run(async () => 'free')).resolves.toBe('free');
});
