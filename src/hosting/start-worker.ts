import { type WorkerOptions as SdkOptions, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createActivities } from '../activities/index.js';
import type { Settings } from '../config.js';
import { taskQueueOf, workflowIdOf } from '../contract/names.js';
import type { Fault } from '../fault.js';
import { loadClient } from '../providers/http/post-embeddings.js';
import { startTraces } from '../tracing/traces.js';
import { noteSubject } from './activity-log.js';
import { connectWorker } from './connect-worker.js';
import { dataConverter, workflowCode } from './data-converter.js';
import { createLibraryWorker } from './library-worker.js';
import type { Health } from './metrics/health.js';
import { openMeasures } from './metrics/index.js';
import { measured } from './metrics/measured.js';
import { openDependencies } from './open-dependencies.js';
import { endRuntime, installRuntime } from './runtime.js';
import type { TemporalTarget } from './temporal.js';
import { versionOptions } from './worker-version.js';

export interface RunningWorker {
  /** Takes no more work, lets work in flight finish, closes the connections. */
  stop(): Promise<void>;
  /** Settles when the worker has stopped; rejects when it broke. */
  ended: Promise<void>;
  /** Address of /healthz and /metrics; null when they are not served. */
  metricsUrl: string | null;
  /** Returns what /healthz answers; null when that is not served. */
  health: (() => Promise<Health>) | null;
  /** Returns the number of activities in flight. */
  inFlight(): number;
}

export interface WorkerOptions {
  /** How long in-flight batches may take to finish when it stops; then they are cancelled. Default 30,000 ms. */
  graceMs?: number;
  /** Serve /healthz and /metrics when the settings do not say; default false. */
  serve?: boolean;
  /** Build id for worker versioning; default null: the worker takes no part in it. */
  buildId?: string | null;
}

/**
 * Starts a worker over the settings' catalog, store and provider, on that Temporal. Throws or ends with a Fault when
 * the run was encrypted with another key: only a worker with that key can do its work.
 */
export async function startWorker(
  settings: Settings,
  target: TemporalTarget,
  log: Logger,
  { graceMs = 30_000, serve = false, buildId = null }: WorkerOptions = {},
): Promise<RunningWorker> {
  // If loading fails, the first batch reports it.
  loadClient().catch(() => undefined);
  const ends: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends.reverse()) await end().catch(() => undefined);
  };
  try {
    const traces = await startTraces();
    traces?.onTrouble((sentence) => log.warn(sentence));
    if (traces !== null) ends.push(() => traces.flush());
    const measures = await openMeasures(settings, { serve, buildId });
    if (measures !== null) ends.push(() => measures.close());
    const opened = await openDependencies(settings, log);
    ends.push(() => opened.close());
    const dependencies =
      measures === null ? opened : measured(opened, measures.instruments, measures.health.onCommit);
    const runtime = await installRuntime(log, measures !== null);
    ends.push(() => runtime.release());
    measures?.appendCore(runtime.corePort);
    const connection = await connectWorker(target, workflowIdOf(settings.collection.name));
    ends.push(() => connection.close());

    let refusal: Fault | null = null;
    const taskQueue = taskQueueOf(settings.collection.name);
    const library = createLibraryWorker({
      collection: settings.collection.name,
      taskQueue,
      store: opened.store,
      catalogPlace: opened.catalog.place,
      routed: !target.embedded,
      log,
    });
    const common: Omit<SdkOptions, 'taskQueue'> = {
      dataConverter: dataConverter(target.codecKey, (fault) => {
        refusal ??= fault;
        stop();
      }),
      connection,
      namespace: target.namespace,
      activities: createActivities({ ...dependencies, library: library.held }),
      interceptors: { activity: [...(traces?.worker.activity ?? []), noteSubject] },
      ...(traces !== null && { sinks: traces.worker.sinks }),
      // Three times the requests in flight, as the run's window: some batches prepare and some store while others wait
      // for the provider. The other four are for planning and the run's mirror.
      maxConcurrentActivityTaskExecutions: settings.concurrency * 3 + 4,
      maxHeartbeatThrottleInterval: '2s',
      defaultHeartbeatThrottleInterval: '2s',
      shutdownGraceTime: graceMs,
      shutdownForceTime: graceMs + 10_000,
      ...versionOptions(buildId, settings.versioning),
    };
    const worker: Worker = await Worker.create({
      ...common,
      ...workflowCode(target.codecKey, traces !== null),
      taskQueue,
      maxCachedWorkflows: 10,
      // A killed worker's workflow moves to another worker after this time, instead of ten seconds.
      stickyQueueScheduleToStartTimeout: '3s',
    });
    const stop = (): void => {
      library.stop();
      if (worker.getState() === 'RUNNING') worker.shutdown();
    };
    measures?.health.watch({ worker, library, connection, store: opened.store });
    const working = library.run((queue) => Worker.create({ ...common, ...queue })).finally(stop);
    const ended = Promise.allSettled([worker.run().finally(() => library.stop()), working])
      .finally(close)
      .then((ends) => {
        for (const end of ends) if (end.status === 'rejected') throw end.reason;
      })
      .then(() => {
        if (refusal !== null) throw refusal;
      });
    ended.catch(() => undefined);
    return {
      ended,
      metricsUrl: measures?.url ?? null,
      health: measures === null ? null : () => measures.health.check(),
      inFlight: () => worker.getStatus().numInFlightActivities + library.inFlight(),
      async stop() {
        stop();
        await ended;
      },
    };
  } catch (error) {
    await close();
    await endRuntime();
    throw error;
  }
}
