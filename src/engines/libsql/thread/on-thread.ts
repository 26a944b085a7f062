import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ResultSet } from '@libsql/client';
import { type Answer, type Call, type Database, errorOf } from './messages.js';

const MAIN = new URL('./main.js', import.meta.url);
/** Written vectors stay outside the heap until a garbage collection, which comes soon with a small young generation. */
const YOUNG_MB = 4;

/** Returns whether the compiled thread exists; false if the sources are run directly. */
export const hasThread = (): boolean => existsSync(fileURLToPath(MAIN));

interface Waiting {
  resolve(results: ResultSet[]): void;
  reject(error: Error): void;
}

/**
 * Opens a libSQL file on a separate thread: the library is synchronous, and while it waits for the disk nothing else in
 * this process would run, heartbeats included. `timeout`: ms to wait for a lock; `keptMb`: page cache in MB.
 */
export function openOnThread(options: { url: string; timeout: number; keptMb: number }): Database {
  const thread = new Worker(MAIN, {
    workerData: options,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const waiting: Waiting[] = [];
  let over: Error | null = null;
  // Only pending calls keep the process alive.
  thread.unref();

  thread.on('message', (answer: Answer) => {
    const first = waiting.shift();
    if (waiting.length === 0) thread.unref();
    if ('error' in answer) first?.reject(errorOf(answer.error));
    else first?.resolve(answer.results);
  });
  const end = (error: Error): void => {
    over ??= error;
    for (const each of waiting.splice(0)) each.reject(over);
  };
  thread.on('error', end);
  thread.on('exit', () => end(new Error('the thread of the store has ended')));

  const ask = (call: Call): Promise<ResultSet[]> =>
    new Promise((resolve, reject) => {
      if (over !== null) return reject(over);
      thread.ref();
      waiting.push({ resolve, reject });
      thread.postMessage(call);
    });
  return {
    execute: async (statement) => (await ask({ do: 'execute', statement }))[0] as ResultSet,
    batch: (statements, mode) => ask({ do: 'batch', statements, mode }),
    reconnect: async () => void (await ask({ do: 'reconnect' })),
    async close() {
      await ask({ do: 'close' }).catch(() => undefined);
      await thread.terminate();
    },
  };
}
