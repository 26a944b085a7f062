import { Context } from '@temporalio/activity';
import { triesBefore } from './reservation.js';

/**
 * Runs `work` while telling Temporal every two seconds that this worker lives, so that a killed one is noticed within
 * the heartbeat timeout. `signal` ends waiting when the run is cancelled or the worker shuts down. Each heartbeat says
 * how many tries failed before: of a worker that vanishes nothing else is known.
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
