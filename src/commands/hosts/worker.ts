import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { loadEverySettings, type Settings } from '../../config.js';
import { usageFault } from '../../fault.js';
import { connectClient } from '../../hosting/client.js';
import { createLog } from '../../hosting/log.js';
import { secretsOf } from '../../hosting/secrets-of.js';
import { startWorkers } from '../../hosting/start-workers.js';
import { openTemporal, type TemporalTarget } from '../../hosting/temporal.js';
import { currentBuild, makeCurrent } from '../../hosting/worker-version.js';
import { ExitCode } from '../exit-codes.js';
import { untilSignal } from '../until-signal.js';

export interface WorkerLine {
  /** Seconds. */
  grace: number;
  metricsPort?: number;
  buildId?: string;
  makeCurrent?: boolean;
}

/**
 * Extra time before the SDK cancels batches: a cancelled batch would use up a retry, an interrupted one goes to another
 * worker for free.
 */
const CANCEL_LATER_MS = 10_000;

/**
 * `embeddings worker`: works until SIGINT or SIGTERM, then drains within `grace` seconds and exits with 0. If the grace
 * is not enough, or at a second signal, it exits at once with 130; another worker repeats the batches under way.
 */
export async function worker(host: NodeJS.Process, line: WorkerLine): Promise<number> {
  const every = settingsOf(host, line);
  const [settings] = every as [Settings, ...Settings[]];
  const { buildId } = settings;
  if (line.makeCurrent && buildId === null)
    throw usageFault('--make-current needs a build to make current: --build-id or EMBEDDINGS_BUILD_ID');
  const log = createLog(settings.logLevel, { secrets: every.flatMap(secretsOf) });
  const target = await openTemporal(settings, (text) => log.info(text));
  try {
    const graceMs = line.grace * 1000;
    const running = await startWorkers(every, target, log, {
      graceMs: graceMs + CANCEL_LATER_MS,
      serve: true,
      buildId,
    });
    const signal = untilSignal(host);
    log.info(
      {
        temporal: target.connectionOptions.address,
        namespace: target.namespace,
        ...running.shown(),
        ...(buildId !== null && { build: buildId, versioning: settings.versioning }),
      },
      'worker is up',
    );
    try {
      await takeTurn(target, buildId, line.makeCurrent === true, log);
    } catch (error) {
      await running.stop();
      throw error;
    }
    await Promise.race([signal.caught, running.ended]);
    log.info(
      { batches: running.inFlight(), grace_seconds: line.grace },
      'draining: batches under way finish, no more are taken',
    );
    const inTime = await Promise.race([
      running.stop().then(() => true),
      delay(graceMs, false, { ref: false }),
    ]);
    if (!inTime) {
      log.warn(
        { batches: running.inFlight() },
        'the grace period is over: another worker repeats the batches under way',
      );
      host.exit(ExitCode.Interrupted);
    }
    log.info('worker has stopped');
    signal.forget();
    return ExitCode.Ok;
  } finally {
    await target.end();
  }
}

/** Loads all settings, with the command line's values over the environment's, so both are validated in one place. */
const settingsOf = (host: NodeJS.Process, { metricsPort, buildId }: WorkerLine): Settings[] =>
  loadEverySettings({
    ...host.env,
    ...(metricsPort !== undefined && { EMBEDDINGS_METRICS_ADDRESS: `127.0.0.1:${metricsPort}` }),
    ...(buildId !== undefined && { EMBEDDINGS_BUILD_ID: buildId }),
  });

/** Makes this build the current one if requested; otherwise logs if new runs will not come to this build. */
async function takeTurn(
  target: TemporalTarget,
  buildId: string | null,
  make: boolean,
  log: Logger,
): Promise<void> {
  const client = await connectClient(target);
  try {
    if (make && buildId !== null) {
      await makeCurrent(client, buildId);
      log.info({ build: buildId }, 'new runs go to this build from now on; runs under way stay on theirs');
      return;
    }
    // Only informative: a Temporal without worker versioning, or without the permission to read it, is no error.
    const current = await currentBuild(client).catch(() => buildId);
    if (current !== buildId)
      log.warn(
        { current, build: buildId },
        'new runs go to another build than this worker: make it current with --build-id ID --make-current',
      );
  } finally {
    await client.connection.close();
  }
}
