import { Context } from '@temporalio/activity';
import { triesBefore } from './reservation.js';

/**
 * Runs `work` and sends a heartbeat every two seconds, so that Temporal notices a killed worker within the heartbeat
 * timeout. `signal` aborts when the run is cancelled or the worker shuts down. Each heartbeat states how many tries
 * failed before: nothing else is known of a worker that vanishes.
 */
export async function withHeartbeat<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const tries = triesBefore();
  const tell = (): void => context.heartbeat({ tries });
  if (tries > 0) tell();
  const beat = setInterval(tell, 2000);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(beat);
  }
}
