import type { Logger } from 'pino';
import type { Settings } from '../config.js';
import { installRuntime } from './runtime.js';
import { type RunningWorker, startWorker, type WorkerOptions } from './start-worker.js';
import type { TemporalTarget } from './temporal.js';

export interface RunningWorkers extends Pick<RunningWorker, 'stop' | 'ended' | 'inFlight'> {
  /** Returns what each worker serves and where its /healthz and /metrics are, for the log. */
  shown(): object;
}

/**
 * Starts one worker per collection, in this process. Each has its own task queues, slots and limits, so that a small
 * collection does not wait behind a large one. When one ends, all end.
 */
export async function startWorkers(
  every: readonly Settings[],
  target: TemporalTarget,
  log: Logger,
  options: WorkerOptions,
): Promise<RunningWorkers> {
  // The runtime logs for the whole process, and ends with the last worker.
  const runtime = await installRuntime(log, true);
  const running: { name: string; worker: RunningWorker }[] = [];
  const stop = async (): Promise<void> => {
    await Promise.allSettled(running.map(({ worker }) => worker.stop()));
  };
  try {
    for (const settings of every) {
      const { name } = settings.collection;
      const own = every.length === 1 ? log : log.child({ collection: name });
      running.push({
        name,
        worker: await startWorker(onOwnPort(settings, running.length), target, own, options),
      });
    }
  } catch (error) {
    await stop();
    await runtime.release();
    throw error;
  }
  const ended = Promise.all(
    running.map(({ worker }) =>
      worker.ended.finally(() => {
        void stop();
      }),
    ),
  )
    .finally(() => runtime.release())
    .then(() => undefined);
  ended.catch(() => undefined);
  return {
    ended,
    inFlight: () => running.reduce((sum, { worker }) => sum + worker.inFlight(), 0),
    async stop() {
      await stop();
      await ended;
    },
    shown() {
      const places = running.map(({ name, worker: { metricsUrl } }) => ({
        ...(running.length > 1 && { collection: name }),
        ...(metricsUrl !== null && { metrics: `${metricsUrl}/metrics`, health: `${metricsUrl}/healthz` }),
      }));
      return places.length === 1 ? (places[0] as object) : { collections: places };
    },
  };
}

/** Gives the first worker the requested port, and the others the next ones. */
function onOwnPort(settings: Settings, index: number): Settings {
  const { metrics } = settings;
  if (typeof metrics === 'string' || metrics.port === 0 || index === 0) return settings;
  return { ...settings, metrics: { ...metrics, port: metrics.port + index } };
}
