import { setTimeout as wait } from 'node:timers/promises';
import { Fault, Unavailable } from '../fault.js';

const TRIES = 6;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
/** How long a store that does not answer is waited for. If the activity failed, another worker would buy again. */
const AWAY_MS = 10 * 60_000;

/**
 * Retries a write whose vectors are already paid for: a retry by Temporal would buy them again.
 * This is the only retry outside Temporal's policies. A Fault, which a person must fix, is thrown at once. While
 * `mayWait` returns true, a store that does not answer is waited for, up to ten minutes.
 */
export async function persistently<T>(write: () => Promise<T>, mayWait: () => boolean): Promise<T> {
  const begin = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      const isAway =
        error instanceof Unavailable &&
        error.why === 'down' &&
        performance.now() - begin < AWAY_MS &&
        mayWait();
      if (error instanceof Fault || (attempt >= TRIES && !isAway)) throw error;
      await wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)));
    }
  }
}
