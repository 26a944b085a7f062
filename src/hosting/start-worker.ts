import { Client } from '@temporalio/client';
import {
  DefaultLogger,
  makeTelemetryFilterString,
  NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import type { Logger } from 'pino';
import { createActivities } from '../activities/index.js';
import type { Settings } from '../config.js';
import { TASK_QUEUE } from '../contract.js';
import { type Fault, usageFault } from '../fault.js';
import { connectClient } from './client.js';
import { dataConverter, workflowCode } from './data-converter.js';
import { describeRun } from './describe-run.js';
import { openDependencies } from './open-dependencies.js';
import type { TemporalTarget } from './temporal.js';

export interface RunningWorker {
  /** Takes no more work, lets what is in flight finish, closes its connections. */
  stop(): Promise<void>;
  /** Settles when the worker has stopped; rejects when it broke. */
  ended: Promise<void>;
}

let installed = false;

/** The SDK's core and our workers share one logger; a process has one Runtime. */
function installRuntime(log: Logger): void {
  if (installed) return;
  installed = true;
  const forward = (level: string): 'debug' | 'info' | 'warn' | 'error' =>
    level === 'TRACE' || level === 'DEBUG' ? 'debug' : (level.toLowerCase() as 'info' | 'warn' | 'error');
  Runtime.install({
    // A host process decides itself what a signal means.
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) =>
      log[forward(level)]({ temporal: meta }, message),
    ),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
}

/**
 * A worker over the settings' catalog, store and provider, on that Temporal.
 * `graceMs` is how long in-flight batches may take to finish when it stops, default 30 s. A Fault, here or as its end,
 * when the run was encrypted with another key than ours: its work is another worker's.
 */
export async function startWorker(
  settings: Settings,
  target: TemporalTarget,
  log: Logger,
  graceMs = 30_000,
): Promise<RunningWorker> {
  const dependencies = await openDependencies(settings, log);
  installRuntime(log);
  const connection = await connectWorker(target).catch(async (error: unknown) => {
    await dependencies.close();
    throw error;
  });
  const close = async (): Promise<void> => {
    await connection.close().catch(() => undefined);
    await dependencies.close();
  };
  let refusal: Fault | null = null;
  const onRefused = (fault: Fault): void => {
    refusal ??= fault;
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const worker: Worker = await Worker.create({
    connection,
    namespace: target.namespace,
    dataConverter: dataConverter(target.codecKey, onRefused),
    ...workflowCode(target.codecKey),
    taskQueue: TASK_QUEUE,
    activities: createActivities(dependencies),
    // Three times the requests in flight, as the run's window: some batches prepare and some store while others wait for the provider.
    maxConcurrentActivityTaskExecutions: Math.max(16, settings.concurrency * 3),
    maxCachedWorkflows: 10,
    // A killed worker's workflow is picked up again after this instead of ten seconds.
    stickyQueueScheduleToStartTimeout: '3s',
    maxHeartbeatThrottleInterval: '2s',
    defaultHeartbeatThrottleInterval: '2s',
    shutdownGraceTime: graceMs,
    shutdownForceTime: graceMs + 10_000,
  });
  const ended = worker
    .run()
    .finally(close)
    .then(() => {
      if (refusal !== null) throw refusal;
    });
  ended.catch(() => undefined);
  return {
    ended,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}

async function connectWorker(target: TemporalTarget): Promise<NativeConnection> {
  const { connectionOptions, namespace, codecKey } = target;
  // A worker would poll for ever in a namespace that is not there, and says less of a key that is refused.
  if (!target.embedded) await (await connectClient(target)).connection.close();
  const connection = await NativeConnection.connect(connectionOptions).catch((error: unknown) => {
    throw usageFault(`TEMPORAL_ADDRESS: no Temporal answers at ${connectionOptions.address}`, error);
  });
  try {
    // With the wrong key each task taken would fail, and cost its batch an attempt: better to take none.
    await describeRun(new Client({ connection, namespace, dataConverter: dataConverter(codecKey) }));
    return connection;
  } catch (error) {
    await connection.close().catch(() => undefined);
    throw error;
  }
}
