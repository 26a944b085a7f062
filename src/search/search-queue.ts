import PQueue from 'p-queue';

/** As many searches wait as may. */
export class SearchQueueFull extends Error {}

/** Runs a search when its turn has come. */
export type SearchQueue = <T>(signal: AbortSignal | undefined, search: () => Promise<T>) => Promise<T>;

/** More at once would only wait for the store's thread. */
const AT_ONCE = 4;
const WAITING = 64;

/**
 * Lets so many searches of a library run at once and so many wait; whoever comes then gets a SearchQueueFull. One whose
 * signal ends while it waits is never begun.
 */
export function createSearchQueue({ atOnce = AT_ONCE, waiting = WAITING } = {}): SearchQueue {
  const queue = new PQueue({ concurrency: atOnce });
  return (signal, search) => {
    if (queue.size >= waiting)
      throw new SearchQueueFull(
        'the server searches for others, and as many wait as may: ask again in a moment',
      );
    return queue.add(search, signal === undefined ? {} : { signal });
  };
}
