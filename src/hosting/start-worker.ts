import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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
import { usageFault } from '../fault.js';
import { connectClient } from './client.js';
import { openDependencies } from './open-dependencies.js';
import type { TemporalTarget } from './temporal.js';

export interface RunningWorker {
  /** Takes no more work, lets what is in flight finish, closes its connections. */
  stop(): Promise<void>;
  /** Settles when the worker has stopped; rejects when it broke. */
  ended: Promise<void>;
}

/** Workflows are bundled at build time; run from sources (tests), the bundle is made at start. */
const BUNDLE = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));

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
 * `graceMs` is how long in-flight batches may take to finish when it stops, default 30 s.
 */
export async function startWorker(
  settings: Settings,
  target: TemporalTarget,
  log: Logger,
  graceMs = 30_000,
): Promise<RunningWorker> {
  const dependencies = await openDependencies(settings, log);
  installRuntime(log);
  const connection = await connectWorker(target);
  const worker = await Worker.create({
    connection,
    namespace: target.namespace,
    taskQueue: TASK_QUEUE,
    activities: createActivities(dependencies),
    ...(existsSync(BUNDLE)
      ? { workflowBundle: { codePath: BUNDLE } }
      : { workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)) }),
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
  const ended = worker.run().finally(async () => {
    await connection.close().catch(() => undefined);
    await dependencies.close();
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
  // A worker would poll for ever in a namespace that is not there, and says less of a key that is refused.
  if (!target.embedded) await (await connectClient(target)).connection.close();
  try {
    return await NativeConnection.connect(target.connectionOptions);
  } catch (error) {
    throw usageFault(`TEMPORAL_ADDRESS: no Temporal answers at ${target.connectionOptions.address}`, error);
  }
}
