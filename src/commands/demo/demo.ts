import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadEnvironmentSettings, type Settings } from '../../config.js';
import { usageFault } from '../../fault.js';
import { createDemoCatalog } from '../../local/demo-catalog/index.js';
import { openHomeFolder } from '../../local/home-folder.js';
import { startSandbox } from '../../local/sandbox-openrouter/index.js';
import { count, usd } from '../../terminal/format.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { runGeneration } from '../generate/run-generation.js';
import { updateFolderIndex } from '../scan/update-folder-index.js';
import { DAILY_NANOS } from '../serve/line.js';
import { drawPages, showSearch, showWhereNext } from './demo-end.js';
import { demoCommand, demoPlace, demoSettings, folderPlace, rememberFolder } from './demo-place.js';
import { demoSite, demoWords } from './run-on-demo.js';

/** Typical latency of a real provider for a request of 100 texts, so that the progress can be watched. Milliseconds. */
const LATENCY_MS = 150;

/**
 * `embeddings demo`: does the main job on its own catalog, provider and store under EMBEDDINGS_HOME/demo. All other
 * parts are the real ones. After a kill it continues where it was; once complete, running it again buys nothing.
 */
export async function demo(
  host: NodeJS.Process,
  options: { samples: number; folder?: string; open?: boolean },
): Promise<number> {
  const own = loadEnvironmentSettings();
  const place =
    options.folder === undefined
      ? demoPlace(own, options.samples)
      : folderPlace(own, resolve(host.cwd(), options.folder));
  const console = createConsole(host, false, demoWords(place));
  openHomeFolder(place.home);
  rememberFolder(place);
  if ('samples' in place.of && !existsSync(place.catalog)) {
    await createDemoCatalog({ path: place.catalog, samples: options.samples });
    console.say(`Made a demo catalog of ${count(options.samples)} samples: ${place.catalog}`);
  }
  const sandbox = await startSandbox({ latencyMs: LATENCY_MS, billFile: place.bill });
  console.say(`The provider is a sandbox on loopback (${sandbox.baseUrl}): real prices, no real money.`);
  const settings = demoSettings(own, place, sandbox.baseUrl);
  const { batchSize, maxRetries, concurrency } = settings;
  const request = {
    selection: { kind: 'all' as const },
    reset: false,
    batchSize,
    maxRetries,
    concurrency,
    maxCostNanos: null,
    onBlocked: 'wait' as const,
  };
  try {
    if ('folder' in place.of) {
      checkFolder(settings, place.of.folder);
      await updateFolderIndex(console, settings);
    }
    const generation = {
      request,
      fallback: request,
      maxCostNanos: null,
      progressFile: null,
      detach: false,
      // The command to use again: the demo has its own home, catalog and store.
      again: demoCommand(place),
    };
    const code = await runGeneration(host, console, settings, generation);
    if (code === ExitCode.Interrupted) return code;
    const bill = sandbox.bill();
    console.say(
      `The sandbox's own bill so far: ${count(bill.inputs)} texts, ${usd(bill.costNanos)}; bought twice: ${bill.boughtTwice}`,
    );
    await showSearch(console, settings);
    const pages = await drawPages(console, settings, place);
    // In a checkout npm finds the command even if it is not installed.
    const program = host.env.npm_lifecycle_event === undefined ? 'embeddings' : 'npx embeddings';
    showWhereNext(console, program, place, pages);
    if (options.open !== true) return code;
    console.say('');
    const { serve } = await import('../serve/serve.js');
    return await serve(
      host,
      { open: true, port: 0, host: '127.0.0.1', maxDailyCost: DAILY_NANOS },
      demoSite(place, settings),
    );
  } finally {
    await sandbox.stop();
  }
}

function checkFolder({ collection }: Pick<Settings, 'collection'>, folder: string): void {
  if (collection.folder === null)
    throw usageFault(`--folder: ${folder} is not a folder: name the one that holds your audio files`);
}
