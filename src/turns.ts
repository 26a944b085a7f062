import { setImmediate as turn } from 'node:timers/promises';

export interface Turns {
  /** Returns whether the work has run so long that it should yield to the event loop. */
  isDue(): boolean;
  /** Yields, so that heartbeats, timers and other requests can run. */
  give(): Promise<void>;
}

/** Creates turns for long CPU-bound work. `longestMs`: how long it may run without a turn of the event loop. */
export function createTurns(longestMs = 20): Turns {
  let since = performance.now();
  return {
    isDue: () => performance.now() - since >= longestMs,
    async give() {
      await turn();
      since = performance.now();
    },
  };
}
