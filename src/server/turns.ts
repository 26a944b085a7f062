import PQueue from 'p-queue';

/** As many searches wait as may. */
export class SearchesWait extends Error {}

/** Runs a work when its turn has come. */
export type Turns = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/**
 * Lets so many works run at once and so many wait; whoever comes then gets a SearchesWait. One whose signal ends while it
 * waits is never begun.
 */
export function createTurns({ atOnce, waiting }: { atOnce: number; waiting: number }): Turns {
  const queue = new PQueue({ concurrency: atOnce });
  return (signal, work) => {
    if (queue.size >= waiting)
      throw new SearchesWait(
        'the server searches for others, and as many wait as may: ask again in a moment',
      );
    return queue.add(work, { signal });
  };
}
