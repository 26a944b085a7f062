import { setImmediate as turn } from 'node:timers/promises';

export interface Turns {
  /** Whether the work has gone on for so long that others should have a turn. */
  isDue(): boolean;
  /** Lets heartbeats, timers and other requests go on. */
  give(): Promise<void>;
}

/** For long work that is no waiting: `longestMs` is how long it may go on without a turn of the event loop. */
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
