import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Settings } from '../config.js';
import { BUILT_IN } from '../contract/names.js';
import { openHomeFolder } from '../local/home-folder.js';
import { type ProcessLock, tryProcessLock } from '../local/process-lock.js';
import type { RunningWorker, WorkerOptions } from './start-worker.js';
import type { TemporalTarget } from './temporal.js';

const TRY_AGAIN_MS = 500;

export interface ExclusiveWorker {
  /** Never resolves; rejects when the worker cannot start or breaks. */
  failed: Promise<never>;
  /** Resolves once this process's worker is running; never while another process is the worker. */
  up: Promise<RunningWorker>;
  /** Returns whether another process is the worker now. Valid as soon as hostWorker returns. */
  taken(): boolean;
  /** Drains and stops the worker if it is ours, and releases the lock. */
  leave(): Promise<void>;
}

/**
 * Makes this process the worker of one-command mode once it holds the lock; exactly one process does. A second command
 * only watches, and takes the lock when the first process has ended, for whatever reason (the kernel releases it). No
 * work starts before `agreed` resolves; a rejection ends the wait.
 */
export function hostWorker(
  settings: Settings,
  target: TemporalTarget,
  log: Logger,
  { agreed, ...options }: WorkerOptions & { agreed?: Promise<void> } = {},
): ExclusiveWorker {
  openHomeFolder(settings.home);
  let lock: ProcessLock | null = null;
  let left = false;
  let wake: () => void = () => undefined;
  let stop: (() => Promise<void>) | null = null;
  let started: (worker: RunningWorker) => void = () => undefined;
  const up = new Promise<RunningWorker>((resolve) => {
    started = resolve;
  });

  const work = async (): Promise<never> => {
    while (!left) {
      lock = tryProcessLock(lockFile(settings));
      if (lock !== null) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, TRY_AGAIN_MS).unref();
      });
    }
    if (!left) {
      const { startWorker } = await import('./start-worker.js');
      await agreed;
      const worker = await startWorker(settings, target, log, options);
      stop = () => worker.stop();
      started(worker);
      await worker.ended;
    }
    return new Promise<never>(() => undefined);
  };

  let broken = false;
  const working = work();
  working.catch(() => {
    broken = true;
  });
  return {
    failed: working,
    up,
    taken: () => lock === null,
    async leave() {
      left = true;
      wake();
      // A worker that is starting may finish its start, so that it can be stopped in order.
      await until(() => lock === null || stop !== null || broken);
      await stop?.().catch(() => undefined);
      lock?.release();
    },
  };
}

/** Returns whether some process of this machine is the worker of one-command mode now. */
export function isWorkerRunning(settings: Settings): boolean {
  const lock = tryProcessLock(lockFile(settings));
  lock?.release();
  return lock === null;
}

/** Returns the lock file of the collection's worker: several collections may have workers in one home. */
const lockFile = ({ home, collection }: Settings): string =>
  join(home, collection.name === BUILT_IN ? 'worker.lock' : `worker-${collection.name}.lock`);

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
};
