import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { IndexCalls, IndexOptions, IndexState } from '../calls.js';
import type { Asked, Said } from './messages.js';

const MAIN = new URL('./main.js', import.meta.url);

/** Returns whether the thread is compiled; false if the TypeScript sources run directly. */
export const hasThread = (): boolean => existsSync(fileURLToPath(MAIN));

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * Opens the index on its own thread, so that scans do not block the caller. If the thread ends by itself, every later
 * call rejects, and `ended` is called with the error.
 */
export function openIndexOnThread(
  options: IndexOptions,
  { tell, ended }: { tell: (state: IndexState) => void; ended: (error: Error) => void },
): IndexCalls {
  const thread = new Worker(MAIN, { workerData: options });
  const waiting = new Map<number, Waiting>();
  let over: Error | null = null;
  let asked = 0;
  // Only pending calls keep the process alive.
  thread.unref();

  thread.on('message', (said: Said) => {
    if ('state' in said) return tell(said.state);
    const one = waiting.get(said.number);
    waiting.delete(said.number);
    if (waiting.size === 0) thread.unref();
    if ('error' in said) one?.reject(new Error(said.error));
    else one?.resolve(said.result);
  });
  const end = (error: Error): void => {
    if (over === null) ended(error);
    over ??= error;
    for (const one of waiting.values()) one.reject(over);
    waiting.clear();
  };
  thread.on('error', end);
  thread.on('exit', () => end(new Error('the thread of the search index has ended')));

  const ask = <T>(method: Asked['method'], ...args: unknown[]): Promise<T> =>
    new Promise((resolve, reject) => {
      if (over !== null) return reject(over);
      asked += 1;
      thread.ref();
      waiting.set(asked, { resolve: (result) => resolve(result as T), reject });
      thread.postMessage({ number: asked, method, args } satisfies Asked);
    });
  return {
    nearest: (...args) => ask('nearest', ...args),
    spread: (...args) => ask('spread', ...args),
    matching: (...args) => ask('matching', ...args),
    frequencies: (...args) => ask('frequencies', ...args),
    matchesAmong: (...args) => ask('matchesAmong', ...args),
    takeRows: (...args) => ask('takeRows', ...args),
    countFitting: (...args) => ask('countFitting', ...args),
    facets: (...args) => ask('facets', ...args),
    listed: (...args) => ask('listed', ...args),
    refresh: (...args) => ask('refresh', ...args),
    state: () => ask('state'),
    async close() {
      await ask('close').catch(() => undefined);
      over ??= new Error('the search index is closed');
      await thread.terminate();
    },
  };
}
