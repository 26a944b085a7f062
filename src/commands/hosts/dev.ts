import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { loadEverySettings, required, type Settings } from '../../config.js';
import { type ExclusiveWorker, hostWorker } from '../../hosting/exclusive-worker.js';
import { embeddedTemporal } from '../../hosting/temporal.js';
import { createWorkerLog, workerLogFile } from '../../hosting/worker-log.js';
import { type Console, createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { untilSignal } from '../until-signal.js';
import { printUsageHints, printWorkerState } from './print-worker-state.js';

/** `embeddings dev`: runs server, Web UI and worker until Ctrl-C. Runs started meanwhile use them. */
export async function dev(host: NodeJS.Process): Promise<number> {
  const console = createConsole(host, false);
  const every = loadEverySettings();
  const [settings] = every as [Settings, ...Settings[]];
  const signal = untilSignal(host);
  const target = await embeddedTemporal(settings, console.say);
  const log = createWorkerLog(settings);
  console.say(
    `Temporal   ${target.connectionOptions.address} · database ${join(settings.home, 'temporal.db')}`,
  );
  console.say(`Web UI     ${target.uiUrl}/namespaces/default/workflows`);
  const over = new AbortController();
  const hosted: ExclusiveWorker[] = [];
  try {
    for (const own of every) {
      required(own, 'apiKey', 'storeUrl', 'catalogUrl');
      const worker = hostWorker(own, target, log, { serve: true });
      hosted.push(worker);
      void printWorkerState(
        consoleOf(console, own, every.length),
        worker,
        workerLogFile(settings),
        over.signal,
      );
    }
  } catch (error) {
    console.say(`Worker     No worker is up: ${(error as Error).message.split('\n').join('; ')}`);
  }
  try {
    const failed = hosted.map((worker) => worker.failed);
    const ours = hosted.filter((worker) => !worker.taken()).map(({ up }) => up);
    await Promise.race([Promise.all(ours), signal.caught, ...failed]);
    // One turn later, so that this comes after the lines on the workers, which wait for the same event.
    await turn();
    printUsageHints(console);
    await Promise.race([signal.caught, ...failed]);
    if (hosted.some((worker) => !worker.taken()))
      console.say('Stopping: batches under way finish. Ctrl-C again ends at once.');
  } finally {
    over.abort();
    await Promise.all(hosted.map((worker) => worker.leave()));
    await target.end();
    signal.forget();
  }
  return ExitCode.Ok;
}

/** Returns a Console that appends the collection's name to each line if there are several collections. */
const consoleOf = (console: Console, { collection }: Settings, collections: number): Console =>
  collections === 1 ? console : { ...console, say: (line) => console.say(`${line} (${collection.name})`) };
