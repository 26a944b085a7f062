import { setTimeout as wait } from 'node:timers/promises';
import { Fault } from '../fault.js';

const TRIES = 6;
const FIRST_WAIT_MS = 250;

/**
 * Retries a write whose vectors are already paid for: giving the activity back to Temporal would buy them again.
 * The only retry outside Temporal's policies; a Fault (a person must cure it) is thrown at once.
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
