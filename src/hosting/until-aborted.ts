import { setMaxListeners } from 'node:events';
import type { Client } from '@temporalio/client';

/**
 * Temporal's calls that `work` makes end with `signal`. The client leaves a listener on it with each poll of a long wait:
 * of the eleventh Node would warn on the user's terminal.
 */
export function untilAborted<T>(
  client: Pick<Client, 'withAbortSignal'>,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  setMaxListeners(0, signal);
  return client.withAbortSignal(signal, work);
}
