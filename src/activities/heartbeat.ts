import { Context } from '@temporalio/activity';

/**
 * Runs `work` while telling Temporal every two seconds that this worker lives, so that a killed one is noticed within
 * the heartbeat timeout. `signal` ends waiting when the run is cancelled or the worker shuts down.
 */
export async function withHeartbeat<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 2000);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(beat);
  }
}
