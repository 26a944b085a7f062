import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Settings } from '../config.js';
import { workflowIdOf } from '../contract/names.js';
import { connectClient } from './client.js';
import { describeRun } from './describe-run.js';
import { hostWorker, isWorkerRunning } from './exclusive-worker.js';
import { noRun } from './no-run.js';
import { isOthers, othersRun } from './open-run.js';
import { ownLibrary } from './own-library.js';
import { readPlan } from './run-plan.js';
import { configuredTemporal, embeddedTemporal } from './temporal.js';
import { createWorkerLog } from './worker-log.js';

export interface ReachedRun {
  client: Client;
  workflowId: string;
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

export interface ReachOptions<T> {
  /** Asked first where the last run has failed. */
  failed?: (client: Client) => Promise<T>;
  /** The action ends the run: in one-command mode it may be of another store than today's settings name. */
  ends?: boolean;
}

/**
 * Connects to the run that is not over, for one action; in one-command mode its server is started where none is up. A
 * Fault where there is no such run, or it is another library's.
 */
export async function withOpenRun<T>(
  settings: Settings,
  say: (line: string) => void,
  act: (run: ReachedRun) => Promise<T>,
  { failed, ends = false }: ReachOptions<T> = {},
): Promise<T> {
  const workflowId = workflowIdOf(settings.collection.name, settings.building);
  const configured = configuredTemporal(settings);
  if (configured === null && !hasHistory(settings)) throw await noRun(settings);
  const target = configured ?? (await embeddedTemporal(settings, say));
  let leave: () => Promise<void> = () => Promise.resolve();
  try {
    const client = await connectClient(target);
    const run = await describeRun(client, workflowId);
    if (run?.failed === true && failed !== undefined) return await failed(client);
    if (run?.open !== true) throw await noRun(settings);
    const mayEnd = ends && configured === null;
    const plan = await readPlan(client, workflowId);
    if (!mayEnd && isOthers({ plan, request: run.request }, await ownLibrary(settings)))
      throw othersRun(run, settings);
    return await act({
      client,
      workflowId,
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
