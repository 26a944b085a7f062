import { FailureType } from '../contract/failure.js';
import { Fault } from '../fault.js';
import { EmbeddingError } from '../providers/errors/errors.js';

/** The batches of each run that are active in this process. */
export interface ActiveBatches {
  /**
   * Runs the work of one batch. Its signal is aborted with `signal`, and when `blocked` gets an error that blocks the
   * run. Then waiting requests are not sent, since they would only be paid for in vain or refused too.
   */
  run<T>(runId: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Aborts all active batches of the run if the error blocks it; else does nothing. */
  blocked(runId: string, error: unknown): void;
}

export function createActiveBatches(): ActiveBatches {
  const runs = new Map<string, Set<AbortController>>();

  const blocked = (runId: string, error: unknown): void => {
    if (!blocksRun(error)) return;
    for (const batch of runs.get(runId) ?? []) batch.abort(new RunBlocked(error));
  };

  return {
    blocked,
    async run(runId, signal, work) {
      const own = new AbortController();
      const forward = (): void => own.abort(signal.reason);
      if (signal.aborted) forward();
      signal.addEventListener('abort', forward, { once: true });
      // Earlier errors do not abort a later batch: its run was resumed, or has not received the error yet.
      const batches = runs.get(runId) ?? new Set();
      runs.set(runId, batches.add(own));
      try {
        return await work(own.signal);
      } catch (error) {
        blocked(runId, error);
        const { reason } = own.signal;
        // Aborted timers throw an AbortError instead of the signal's reason.
        const waited = error === reason || (error instanceof Error && error.name === 'AbortError');
        throw reason instanceof RunBlocked && waited ? reason.cause : error;
      } finally {
        signal.removeEventListener('abort', forward);
        batches.delete(own);
        if (batches.size === 0) runs.delete(runId);
      }
    },
  };
}

/** Abort reason of waiting requests. The error itself would look like the answer to a request that was never sent. */
class RunBlocked extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** Returns true if the error would stop every retry and every other batch until the operator fixes its cause. */
const blocksRun = (error: unknown): error is Error =>
  error instanceof Fault || (error instanceof EmbeddingError && error.type === FailureType.Blocked);
