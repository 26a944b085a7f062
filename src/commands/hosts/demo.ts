import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings } from '../../config.js';
import { createDemoCatalog } from '../../local/demo-catalog/index.js';
import { openHomeFolder } from '../../local/home-folder.js';
import { startSandbox } from '../../local/sandbox-openrouter/index.js';
import { count, usd } from '../../terminal/format.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { runGeneration } from '../generate/run-generation.js';
import { drawPages, showSearch, showWhereNext } from './demo-end.js';

/** What a real provider takes for a request of a hundred texts, so that there is something to watch. */
const LATENCY_MS = 150;

/**
 * `embeddings demo`: the main job on a catalog, a provider and a store of its own under EMBEDDINGS_HOME/demo. All
 * other parts are the real ones. Killed and run again it goes on where it was; run again after that it buys nothing.
 */
export async function demo(host: NodeJS.Process, options: { samples: number }): Promise<number> {
  const console = createConsole(host, false);
  const own = loadSettings();
  const home = join(own.home, 'demo');
  openHomeFolder(home);
  const catalog = join(home, `catalog-${options.samples}.db`);
  if (!existsSync(catalog)) {
    await createDemoCatalog({ path: catalog, samples: options.samples });
    console.say(`Made a demo catalog of ${count(options.samples)} samples: ${catalog}`);
  }
  const sandbox = await startSandbox({ latencyMs: LATENCY_MS, billFile: join(home, 'bill.jsonl') });
  console.say(`The provider is a sandbox on loopback (${sandbox.baseUrl}): real prices, no real money.`);
  const settings = {
    ...loadSettings({
      ...own.environment,
      OPENROUTER_API_KEY: 'sandbox',
      OPENROUTER_BASE_URL: sandbox.baseUrl,
      DATABASE_URL: catalog,
      TURSO_DATABASE_URL: `file:${join(home, `store-${options.samples}.db`)}`,
      EMBEDDINGS_HOME: home,
    }),
    // The demo is the same for everybody: its own Temporal, the default model.
    environment: {},
    storeToken: null,
    catalogUrl: catalog,
    model: 'openai/text-embedding-3-small',
    dimensions: 1536,
  };
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
    const generation = {
      request,
      fallback: request,
      maxCostNanos: null,
      progressFile: null,
      detach: false,
      // The demo has a home, a catalog and a store of its own.
      again: `embeddings demo --samples ${options.samples}`,
    };
    const code = await runGeneration(host, console, settings, generation);
    if (code === ExitCode.Interrupted) return code;
    const bill = sandbox.bill();
    console.say(
      `The sandbox's own bill so far: ${count(bill.inputs)} texts, ${usd(bill.costNanos)}; bought twice: ${bill.boughtTwice}`,
    );
    await showSearch(console, settings);
    const pages = await drawPages(console, settings, home, options.samples);
    showWhereNext(console, {
      home,
      store: join(home, `store-${options.samples}.db`),
      ...pages,
    });
    return code;
  } finally {
    await sandbox.stop();
  }
}
