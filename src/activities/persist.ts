import { setTimeout as wait } from 'node:timers/promises';
import { Fault } from '../fault.js';

const TRIES = 6;
const FIRST_WAIT_MS = 250;

/**
 * Retries a write whose vectors are already paid for: a retry by Temporal would buy them again.
 * This is the only retry outside Temporal's policies. A Fault, which a person must fix, is thrown at once.
 */
export async function persistently<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (error instanceof Fault || attempt === TRIES) throw error;
      await wait(FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  }
}
