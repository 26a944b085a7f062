import PQueue from 'p-queue';

/** Thrown when the queue of waiting searches is full. */
export class SearchQueueFull extends Error {}

/** Runs work that waits for the provider outside the search's place, so that another search can run meanwhile. */
export type Aside = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs a search when its turn has come. */
export type SearchQueue = <T>(
  signal: AbortSignal | undefined,
  search: (aside: Aside) => Promise<T>,
) => Promise<T>;

/** More at once would only wait for the store's thread. */
const AT_ONCE = 4;
const WAITING = 64;
/** More at once would only wait for the provider. */
const ASIDE_AT_ONCE = 16;

/**
 * Creates the queue of a library: `atOnce` searches run and `waiting` searches wait; any further search throws a
 * SearchQueueFull. A search that is aborted while it waits never starts. Work done aside has its own queue.
 */
export function createSearchQueue({
  atOnce = AT_ONCE,
  waiting = WAITING,
  asideAtOnce = ASIDE_AT_ONCE,
} = {}): SearchQueue {
  const searches = new PQueue({ concurrency: atOnce });
  const others = new PQueue({ concurrency: asideAtOnce });
  const full = (): SearchQueueFull =>
    new SearchQueueFull(
      'the server is busy with other searches, and its queue is full: ask again in a moment',
    );
  /** Resolves, once a place is free, with a function that frees it. `priority`: searches that have begun go first. */
  const enter = (signal: AbortSignal | undefined, priority: number): Promise<() => void> =>
    new Promise((resolve, reject) => {
      const stay = () =>
        new Promise<void>((leave) => {
          resolve(leave);
        });
      searches.add(stay, { priority, ...(signal && { signal }) }).catch(reject);
    });
  return async (signal, search) => {
    if (searches.size >= waiting) throw full();
    let leave = await enter(signal, 0);
    const aside: Aside = async (work) => {
      if (others.size >= waiting) throw full();
      leave();
      try {
        // A purchase that has begun is booked to its end, even if the search is aborted.
        return await others.add(work, signal === undefined ? {} : { signal });
      } finally {
        leave = await enter(signal, 1);
      }
    };
    try {
      return await search(aside);
    } finally {
      leave();
    }
  };
}
