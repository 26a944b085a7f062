import type { Dependencies } from '../../activities/dependencies.js';
import { FailureType } from '../../contract/failure.js';
import type { CommitResult } from '../../engines/types.js';
import { EmbeddingError } from '../../providers/errors/errors.js';
import { aroundCommit } from '../around-commit.js';
import type { Instruments, StatusClass } from './instruments.js';

/**
 * Returns the same dependencies, with counting, so that activities need no code for it. `onCommit` is called after each
 * transaction of the store, with null or its error.
 */
export function measured<T extends Dependencies>(
  dependencies: T,
  instruments: Instruments,
  onCommit: (error: Error | null) => void,
): T {
  const { provider, store, limiter, throttle } = dependencies;
  instruments.watch(limiter, throttle);
  const watched = aroundCommit(store, async (batch, commit) => {
    const started = performance.now();
    let result: CommitResult;
    try {
      result = await commit();
    } catch (error) {
      onCommit(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
    instruments.committed(batch, (performance.now() - started) / 1000);
    onCommit(null);
    return result;
  });
  return {
    ...dependencies,
    provider: {
      ...provider,
      async embed(request) {
        const started = performance.now();
        const seconds = (): number => (performance.now() - started) / 1000;
        try {
          const answer = await provider.embed(request);
          instruments.request('2xx', seconds(), answer.cached);
          return answer;
        } catch (error) {
          if (error instanceof EmbeddingError) instruments.request(statusClass(error), seconds(), false);
          throw error;
        }
      },
    },
    store: watched,
  };
}

/** Returns the class of a request's status. An error inside a 200 counts as the status that its code stands for. */
export function statusClass({ type, status }: Pick<EmbeddingError, 'type' | 'status'>): StatusClass {
  if (type === FailureType.InvalidResponse) return 'invalid';
  if (status === null) return 'none';
  if (status === 429) return '429';
  if (status < 300) return '2xx';
  if (status < 400) return '3xx';
  return status < 500 ? '4xx' : '5xx';
}
