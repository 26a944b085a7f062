import { mkdirSync } from 'node:fs';
import { loadSettings } from '../dist/config.js';
import { connectClient } from '../dist/hosting/client.js';
import { joinRun } from '../dist/hosting/join-run.js';
import { createLog } from '../dist/hosting/log.js';
import { startWorker } from '../dist/hosting/start-worker.js';
import { embeddedTemporal } from '../dist/hosting/temporal.js';

/** Returns the product's settings for one setup of a bench. */
export const environmentOf = ({ catalog, baseUrl, store, home, concurrency }) => ({
  OPENROUTER_API_KEY: 'bench',
  OPENROUTER_BASE_URL: baseUrl,
  DATABASE_URL: catalog,
  TURSO_DATABASE_URL: store,
  EMBEDDINGS_HOME: home,
  CONCURRENCY: String(concurrency),
});

/**
 * Returns the samples a second of the whole workflow, and of a second run that finds nothing to do (`again: false`:
 * none). For measurements from outside: `before` is called before the first run, `after(handle)` after each run.
 */
export async function pipeline({
  catalog,
  baseUrl,
  store,
  home,
  concurrency,
  samples,
  batchSize = 100,
  again = true,
  before = () => undefined,
  after = () => undefined,
}) {
  mkdirSync(home, { recursive: true });
  const settings = loadSettings({
    ...process.env,
    ...environmentOf({ catalog, baseUrl, store, home, concurrency }),
  });
  const target = await embeddedTemporal(settings, () => undefined);
  const worker = await startWorker(settings, target, createLog('error'));
  const client = await connectClient(target);
  const request = {
    selection: { kind: 'all' },
    reset: false,
    batchSize,
    maxRetries: 3,
    concurrency,
    maxCostNanos: null,
    onBlocked: 'fail',
  };
  const timed = async (expected) => {
    const begin = performance.now();
    const wish = { request, fallback: request, maxCostNanos: null };
    const { handle } = await joinRun(client, wish, { settings, say: () => undefined });
    const { totals } = await handle.result();
    const seconds = (performance.now() - begin) / 1000;
    await after(handle);
    if (totals[expected] !== samples) throw new Error(`the run ended with ${JSON.stringify(totals)}`);
    return samples / seconds;
  };
  try {
    await before();
    const rate = await timed('stored');
    return again ? { rate, rerun: await timed('unchanged') } : { rate };
  } finally {
    await worker.stop();
    await client.connection.close();
    await target.end();
  }
}
