import { loadSettings } from '../../config.js';
import { createLog } from '../../hosting/log.js';
import { startWorker } from '../../hosting/start-worker.js';
import { openTemporal } from '../../hosting/temporal.js';
import { ExitCode } from '../exit-codes.js';
import { untilSignal } from '../until-signal.js';

/** `embeddings worker`: works until SIGINT or SIGTERM, then drains within `grace` seconds. */
export async function worker(host: NodeJS.Process, options: { grace: number }): Promise<number> {
  const settings = loadSettings();
  const log = createLog(settings.logLevel);
  const target = await openTemporal(settings, (line) => log.info(line));
  try {
    const running = await startWorker(settings, target, log, options.grace * 1000);
    log.info({ temporal: target.connectionOptions.address, namespace: target.namespace }, 'worker is up');
    const signal = untilSignal(host);
    await Promise.race([signal.caught, running.ended]);
    log.info('draining: batches under way finish, no more are taken');
    await running.stop();
    signal.forget();
    return ExitCode.Ok;
  } finally {
    await target.end();
  }
}
