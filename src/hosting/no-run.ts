import type { Settings } from '../config.js';
import { isOver } from '../contract/progress.js';
import { type Fault, usageFault } from '../fault.js';
import { latestRunOf } from './existing-store.js';

export const NO_RUN =
  'no run is under way: start the last one again with embeddings --resume, or start a new one with embeddings --all';

/** Returns why no run is open: none was started since, or Temporal has lost the run that the store has open. */
export async function noRun(settings: Settings): Promise<Fault> {
  const row = await latestRunOf(settings).catch(() => null);
  if (row === null || isOver(row)) return usageFault(NO_RUN);
  return usageFault(
    `no run is under way: the store has a run that is ${row.state}, but Temporal does not know it, for example ` +
      'because temporal.db was moved or removed. Stored vectors are safe, and only missing ones are bought: start the run again with embeddings --resume, or start a new one with embeddings --all',
  );
}
