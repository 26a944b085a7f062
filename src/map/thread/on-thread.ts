import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createMath, type MapMath } from '../math.js';
import type { Answer, Call } from './messages.js';

const MAIN = new URL('./main.js', import.meta.url);

/**
 * Calls `use` with the computation on a worker thread, which ends with it, so that a server can answer meanwhile. When
 * run from sources, there is no compiled thread, and this thread computes.
 */
export async function withThread<T>(use: (math: MapMath) => Promise<T>): Promise<T> {
  if (!existsSync(fileURLToPath(MAIN))) return use(createMath());
  const thread = new Worker(MAIN);
  try {
    return await use(mathOn(thread));
  } finally {
    await thread.terminate();
  }
}

function mathOn(thread: Worker): MapMath {
  const ask = (call: Call, progress: (share: number) => void = () => {}): Promise<number | Float32Array> =>
    new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        thread.off('message', answered);
        thread.off('error', failed);
        thread.off('exit', ended);
        act();
      };
      const answered = (answer: Answer): void => {
        if ('share' in answer) progress(answer.share);
        else if ('error' in answer) settle(() => reject(new Error(answer.error)));
        else settle(() => resolve(answer.result));
      };
      const failed = (error: Error): void => settle(() => reject(error));
      const ended = (): void => settle(() => reject(new Error('the thread of the map has ended')));
      thread.on('message', answered);
      thread.on('error', failed);
      thread.on('exit', ended);
      thread.postMessage(call);
    });
  return {
    learn: async (vectors, dimensions) => (await ask({ do: 'learn', vectors, dimensions })) as number,
    sketch: async (vectors) => (await ask({ do: 'sketch', vectors })) as Float32Array,
    layOut: async (sketches, numbers, progress) =>
      (await ask({ do: 'layOut', sketches, numbers }, progress)) as Float32Array,
  };
}
