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
    for (const batch of runs.get(runId) ?? []) batch.abort(error);
  };

  return {
    blocked,
    async run(runId, signal, work) {
      signal.throwIfAborted();
      const own = new AbortController();
      const forward = (): void => own.abort(signal.reason);
      signal.addEventListener('abort', forward, { once: true });
      // A batch that begins later belongs to a run that somebody resumed, or that has not heard of the error yet.
      const batches = runs.get(runId) ?? new Set();
      runs.set(runId, batches.add(own));
      try {
        return await work(own.signal);
      } catch (error) {
        blocked(runId, error);
        // Timers end with an error of their own.
        throw own.signal.aborted && blocksRun(own.signal.reason) && isAbort(error)
          ? own.signal.reason
          : error;
      } finally {
        signal.removeEventListener('abort', forward);
        batches.delete(own);
        if (batches.size === 0) runs.delete(runId);
      }
    },
  };
}

/** A cause that no retry and no other batch passes: a person is to cure it. */
const blocksRun = (error: unknown): boolean =>
  error instanceof Fault || (error instanceof EmbeddingError && error.type === FailureType.Blocked);

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';
