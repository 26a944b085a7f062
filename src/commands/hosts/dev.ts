import { join } from 'node:path';
import { loadSettings, required } from '../../config.js';
import { createLog } from '../../hosting/log.js';
import { embeddedTemporal } from '../../hosting/temporal.js';
import { hostWorker } from '../../hosting/worker-seat.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { untilSignal } from '../until-signal.js';

/** `embeddings dev`: server, Web UI and worker, until Ctrl-C. Runs started beside it use them. */
export async function dev(host: NodeJS.Process): Promise<number> {
  const console = createConsole(host, false);
  const settings = loadSettings();
  const signal = untilSignal(host);
  const target = await embeddedTemporal(settings, console.say);
  const log = createLog(settings.logLevel, join(settings.home, 'worker.log'));
  console.say(
    `Temporal is up at ${target.connectionOptions.address}; its database is ${join(settings.home, 'temporal.db')}`,
  );
  console.say(`Web UI: ${target.uiUrl}/namespaces/default/workflows`);
  let seat: ReturnType<typeof hostWorker> | null = null;
  try {
    required(settings, 'apiKey', 'storeUrl', 'catalogUrl');
    seat = hostWorker(settings, target, log);
    console.say(`A worker is up; its log is ${join(settings.home, 'worker.log')}`);
  } catch (error) {
    console.say(`No worker is up: ${(error as Error).message.split('\n').join('; ')}`);
  }
  console.say('In another terminal: embeddings --all · Ctrl-C here stops both; what is under way is kept.');
  try {
    await Promise.race([signal.caught, ...(seat === null ? [] : [seat.failed])]);
  } finally {
    await seat?.leave();
    await target.end();
    signal.forget();
  }
  return ExitCode.Ok;
}
