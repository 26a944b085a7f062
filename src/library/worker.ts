/**
 * `sample-embeddings/worker`: a whole worker inside your own program, as `embeddings worker` runs it. It installs
 * Temporal's Runtime, which a process can have only once, and never ends the process.
 */
import { loadSettings, type Settings } from '../config.js';
import { usageFault } from '../fault.js';
import { createLog } from '../hosting/log.js';
import { secretsOf } from '../hosting/secrets-of.js';
import { startWorker } from '../hosting/start-worker.js';
import { configuredTemporal } from '../hosting/temporal.js';

export { loadSettings, type Settings };

export interface OpenWorker {
  /** Stops taking work, lets batches in flight finish, and closes the connections. */
  stop(): Promise<void>;
  /** Resolves when the worker has stopped; rejects if it failed. */
  ended: Promise<void>;
}

export interface OpenWorkerOptions {
  /** Default: the environment and `.env`. */
  settings?: Settings;
  /** How long batches in flight may take to finish after `stop`. Default 30,000 ms. */
  graceMs?: number;
}

/**
 * Starts a worker on the Temporal that TEMPORAL_ADDRESS or a profile of Temporal's configuration names; its log is JSON
 * lines on stderr. Throws a Fault, whose message says what to do, if a setting is missing or a part does not answer.
 */
export async function openWorker({
  settings = loadSettings(),
  graceMs = 30_000,
}: OpenWorkerOptions = {}): Promise<OpenWorker> {
  const target = configuredTemporal(settings);
  if (target === null)
    throw usageFault('TEMPORAL_ADDRESS must name the Temporal that the worker serves, like localhost:7233');
  const log = createLog(settings.logLevel, { secrets: secretsOf(settings) });
  const { stop, ended } = await startWorker(settings, target, log, { graceMs, buildId: settings.buildId });
  return { stop, ended };
}
