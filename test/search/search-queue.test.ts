import { expect, it } from 'vitest';
import { createSearchQueue, SearchQueueFull } from '../../src/search/search-queue.js';

const gate = () => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

it('what searches do aside holds nobody up, and they go on when it is done', async () => {
  const queue = createSearchQueue({ atOnce: 2 });
  const { open, opened } = gate();
  const slow = Array.from({ length: 8 }, (_, at) =>
    queue(undefined, async (aside) => {
      await aside(() => opened);
      return at;
    }),
  );
  expect(await queue(undefined, async () => 'free')).toBe('free');
  open();
  expect(await Promise.all(slow)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it('no more run at once than may, also of those that come back', async () => {
  const queue = createSearchQueue({ atOnce: 2 });
  let running = 0;
  let most = 0;
  const step = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
  };
  await Promise.all(
    Array.from({ length: 10 }, () =>
      queue(undefined, async (aside) => {
        await step();
        await aside(() => new Promise(setImmediate));
        await step();
      }),
    ),
  );
  expect(most).toBe(2);
});

it('a search that is given up while it waits leaves its place to others', async () => {
  const queue = createSearchQueue({ atOnce: 1 });
  const { open, opened } = gate();
  const controller = new AbortController();
  let done = false;
  const given = queue(controller.signal, async (aside) => {
    await aside(async () => {
      await opened;
      done = true;
    });
  });
  await queue(undefined, async () => undefined);
  controller.abort(new Error('given up'));
  await expect(given).rejects.toThrow('given up');
  open();
  await expect.poll(() => done).toBe(true);
  expect(await queue(undefined, async () => 1)).toBe(1);
});

it('a search that fails leaves its place; beyond those that may wait nobody does', async () => {
  const queue = createSearchQueue({ atOnce: 1, waiting: 1 });
  await expect(queue(undefined, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const { open, opened } = gate();
  const first = queue(undefined, () => opened);
  const second = queue(undefined, async () => 2);
  await expect(queue(undefined, async () => 3)).rejects.toThrow(SearchQueueFull);
  open();
  await first;
  expect(await second).toBe(2);
});
