import { join } from 'node:path';
import { loadSettings, required } from '../../config.js';
import { type ExclusiveWorker, hostWorker } from '../../hosting/exclusive-worker.js';
import { embeddedTemporal } from '../../hosting/temporal.js';
import { createWorkerLog, workerLogFile } from '../../hosting/worker-log.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { untilSignal } from '../until-signal.js';
import { tellHowToStop, tellWorker } from './tell-worker.js';

/** `embeddings dev`: server, Web UI and worker, until Ctrl-C. Runs started beside it use them. */
export async function dev(host: NodeJS.Process): Promise<number> {
  const console = createConsole(host, false);
  const settings = loadSettings();
  const signal = untilSignal(host);
  const target = await embeddedTemporal(settings, console.say);
  const log = createWorkerLog(settings);
  console.say(
    `Temporal   ${target.connectionOptions.address} · database ${join(settings.home, 'temporal.db')}`,
  );
  console.say(`Web UI     ${target.uiUrl}/namespaces/default/workflows`);
  const over = new AbortController();
  let hosted: ExclusiveWorker | null = null;
  try {
    required(settings, 'apiKey', 'storeUrl', 'catalogUrl');
    hosted = hostWorker(settings, target, log, { serve: true });
    void tellWorker(console, hosted, workerLogFile(settings), over.signal);
  } catch (error) {
    console.say(`Worker     No worker is up: ${(error as Error).message.split('\n').join('; ')}`);
    tellHowToStop(console);
  }
  try {
    await Promise.race([signal.caught, ...(hosted === null ? [] : [hosted.failed])]);
    if (hosted !== null && !hosted.taken())
      console.say('Stopping: batches under way finish. Ctrl-C again ends at once.');
  } finally {
    over.abort();
    await hosted?.leave();
    await target.end();
    signal.forget();
  }
  return ExitCode.Ok;
}
