import { FailureType } from '../contract/failure.js';
import { Fault } from '../fault.js';
import { EmbeddingError } from '../providers/errors/errors.js';

/** The batches of each run that this process has under way. */
export interface Waiting {
  /**
   * Runs the work of one batch. Its signal is aborted with `signal`, and once `blocked` names an error that blocks the
   * run: what waits for its turn is not sent then, since it would only be paid for or refused too.
   */
  run<T>(runId: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Called with whatever a batch of the run failed with; does nothing where that does not block the run. */
  blocked(runId: string, error: unknown): void;
}

export function createWaiting(): Waiting {
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
      // A batch that begins later belongs to a run that somebody resumed, or that has not heard of the error yet.
      const batches = runs.get(runId) ?? new Set();
      runs.set(runId, batches.add(own));
      try {
        return await work(own.signal);
      } catch (error) {
        blocked(runId, error);
        const { reason } = own.signal;
        // Timers end with an error of their own.
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

/** What waiting ends with. Not the error itself, which would look like the answer to a request that was never sent. */
class RunBlocked extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** A cause that no retry and no other batch passes: a person is to cure it. */
const blocksRun = (error: unknown): error is Error =>
  error instanceof Fault || (error instanceof EmbeddingError && error.type === FailureType.Blocked);
