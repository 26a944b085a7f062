import { setMaxListeners } from 'node:events';
import type { Client } from '@temporalio/client';

/**
 * Runs `work` so that its calls to Temporal end when `signal` is aborted. The client leaves a listener on the signal
 * with each poll of a long wait. Without `setMaxListeners`, Node would warn at the eleventh on the user's terminal.
 */
export function untilAborted<T>(
  client: Pick<Client, 'withAbortSignal'>,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  setMaxListeners(0, signal);
  return client.withAbortSignal(signal, work);
}
