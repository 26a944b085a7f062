import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Settings } from '../config.js';
import { workflowIdOf } from '../contract/names.js';
import { connectClient } from './client.js';
import { describeRun } from './describe-run.js';
import { hostWorker, isWorkerRunning } from './exclusive-worker.js';
import { noRun } from './no-run.js';
import { isOthers, otherStoreFault } from './open-run.js';
import { ownLibrary } from './own-library.js';
import { readPlan } from './run-plan.js';
import { configuredTemporal, embeddedTemporal } from './temporal.js';
import { createWorkerLog } from './worker-log.js';

export interface ReachedRun {
  client: Client;
  workflowId: string;
  /** Id of the run's first execution. */
  runId: string;
  /** One-command mode, and no command works on the run. */
  asleep: boolean;
  /** Becomes the run's worker until the command ends. Never resolves; rejects when the worker fails. */
  work(): Promise<never>;
}

/** Returns whether one-command mode has no worker now. A command that needs the run must then be its worker. */
export const isAsleep = (settings: Settings): boolean =>
  configuredTemporal(settings) === null && (!hasHistory(settings) || !isWorkerRunning(settings));

/** Returns whether one-command mode has had a run here. If not, no server needs to be started to look. */
export const hasHistory = ({ home }: Settings): boolean => existsSync(join(home, 'temporal.db'));

export interface ReachOptions<T> {
  /** Called instead of the action when the last run has failed. */
  failed?: (client: Client) => Promise<T>;
  /** The action ends the run, which in one-command mode may be of another store than today's settings name. */
  ends?: boolean;
}

/**
 * Connects to the run that is not over, for one action. In one-command mode its server is started when none is running.
 * Throws a Fault when there is no such run, or when it is another library's.
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
      throw otherStoreFault(run, settings);
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
    // The client's connection stays open until the process ends: gRPC throws when it is closed during a call that is
    // retried.
    await leave();
    await target.end();
  }
}
