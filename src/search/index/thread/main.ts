import { parentPort, workerData } from 'node:worker_threads';
import type { IndexOptions } from '../calls.js';
import { openSampleIndex } from '../sample-index.js';
import type { Asked, Said } from './messages.js';

const say = (said: Said): void => parentPort?.postMessage(said);
const index = openSampleIndex(workerData as IndexOptions, (state) => say({ state }));

parentPort?.on('message', async ({ number, method, args }: Asked) => {
  try {
    const call = index[method] as (...all: readonly unknown[]) => Promise<unknown>;
    say({ number, result: await call(...args) });
  } catch (error) {
    say({ number, error: error instanceof Error ? error.message : String(error) });
  }
});
