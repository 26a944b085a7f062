import PQueue from 'p-queue';

/** As many searches wait as may. */
export class SearchQueueFull extends Error {}

/** Carries out what waits for others, without a search's place; others search meanwhile. */
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
 * Lets so many searches of a library run at once and so many wait; whoever comes then gets a SearchQueueFull. One whose
 * signal ends while it waits is never begun. What a search does aside has a queue of its own.
 */
export function createSearchQueue({
  atOnce = AT_ONCE,
  waiting = WAITING,
  asideAtOnce = ASIDE_AT_ONCE,
} = {}): SearchQueue {
  const searches = new PQueue({ concurrency: atOnce });
  const others = new PQueue({ concurrency: asideAtOnce });
  const full = (): SearchQueueFull =>
    new SearchQueueFull('the server searches for others, and as many wait as may: ask again in a moment');
  /** Resolves with a way to leave once a place is free. `priority`: whoever has begun goes first. */
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
        // What has begun is booked to its end, whatever becomes of the search.
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
