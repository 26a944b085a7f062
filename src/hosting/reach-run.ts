import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Settings } from '../config.js';
import { connectClient } from './client.js';
import { describeRun } from './describe-run.js';
import { hostWorker, isWorkerRunning } from './exclusive-worker.js';
import { noRun } from './no-run.js';
import { configuredTemporal, embeddedTemporal } from './temporal.js';
import { createWorkerLog } from './worker-log.js';

export interface ReachedRun {
  client: Client;
  /** Id of the run's first execution. */
  runId: string;
  /** One-command mode, and no command is at work on the run. */
  asleep: boolean;
  /** Becomes its worker until the command ends. Never resolves; rejects when the worker cannot start or breaks. */
  work(): Promise<never>;
}

/** One-command mode in which no process is the worker: whoever wants something of a run must be it. */
export const isAsleep = (settings: Settings): boolean =>
  configuredTemporal(settings) === null && (!hasHistory(settings) || !isWorkerRunning(settings));

/** Whether one-command mode has had a run here: without, no server needs to be started to know that there is none. */
export const hasHistory = ({ home }: Settings): boolean => existsSync(join(home, 'temporal.db'));

/**
 * Connects to the run that is not over, for one action; in one-command mode its server is started where none is up. A
 * Fault where there is no such run; `failed` is asked first where the last one has failed.
 */
export async function withOpenRun<T>(
  settings: Settings,
  say: (line: string) => void,
  act: (run: ReachedRun) => Promise<T>,
  failed?: (client: Client) => Promise<T>,
): Promise<T> {
  const configured = configuredTemporal(settings);
  if (configured === null && !hasHistory(settings)) throw await noRun(settings);
  const target = configured ?? (await embeddedTemporal(settings, say));
  let leave: () => Promise<void> = () => Promise.resolve();
  try {
    const client = await connectClient(target);
    const run = await describeRun(client);
    if (run?.failed === true && failed !== undefined) return await failed(client);
    if (run?.open !== true) throw await noRun(settings);
    return await act({
      client,
      runId: run.runId,
      asleep: isAsleep(settings),
      work() {
        const hosted = hostWorker(settings, target, createWorkerLog(settings));
        leave = () => hosted.leave();
        return hosted.failed;
      },
    });
  } finally {
    // The client's connection is left to the process's end: closed under a call that is being retried, gRPC throws.
    await leave();
    await target.end();
  }
}
