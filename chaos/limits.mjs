/**
 * How much of a provider's limit is delivered, and how much is refused: once stated in the settings, once learned.
 *   node chaos/limits.mjs [--requests 600] [--minutes 2]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createDemoCatalog } from '../dist/local/demo-catalog/index.js';
import { startSandbox } from '../dist/local/sandbox-openrouter/index.js';

const CLIENT = fileURLToPath(new URL('../dist/client.js', import.meta.url));
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '600' },
    tokens: { type: 'string', default: '1000000' },
    minutes: { type: 'string', default: '2' },
  },
});
const minutes = Number(values.minutes);

/** One run against a limited provider, from its first request to its last. */
async function measure(name, limit, batchSize, samples, settings, goal) {
  const home = mkdtempSync(join(tmpdir(), 'sample-embeddings-limits-'));
  const sandbox = await startSandbox({ limit: { ...limit, holdsSeconds: 2 }, latencyMs: 100, vectors: 'cheap' });
  try {
    await createDemoCatalog({ path: join(home, 'catalog.db'), samples });
    const child = spawn(process.execPath, [CLIENT, '--all', '--json', '--batch-size', String(batchSize)], {
      cwd: home,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        ...process.env,
        OPENROUTER_API_KEY: 'chaos',
        OPENROUTER_BASE_URL: sandbox.baseUrl,
        DATABASE_URL: join(home, 'catalog.db'),
        TURSO_DATABASE_URL: `file:${join(home, 'store.db')}`,
        ...settings,
      },
    });
    let text = '';
    createInterface({ input: child.stdout }).on('line', (line) => {
      text += line;
    });
    const [code] = await once(child, 'close');
    const { state, stored } = JSON.parse(text);
    if (code !== 0 || stored !== samples) throw new Error(`${name}: ${state}, ${stored} of ${samples} stored`);
    const { entries } = sandbox.bill();
    const good = entries.filter(({ status }) => status === 200);
    const refused = entries.filter(({ status }) => status === 429).length;
    const seconds = (Date.parse(good.at(-1).at) - Date.parse(good[0].at)) / 1000;
    const did = limit.requestsPerMinute === undefined ? good.reduce((sum, { tokens }) => sum + tokens, 0) : good.length;
    const delivered = did / seconds / ((limit.requestsPerMinute ?? limit.tokensPerMinute) / 60);
    const share = refused / entries.length;
    console.log(
      `${name}: delivered ${(100 * delivered).toFixed(1)} % of the limit (goal 95), ` +
        `refused ${(100 * share).toFixed(1)} % of ${entries.length} requests (goal ${goal}) in ${seconds.toFixed(0)} s`,
    );
    return delivered >= 0.95 && share <= goal / 100;
  } finally {
    await sandbox.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

const requests = Number(values.requests);
const tokens = Number(values.tokens);
const BATCH = 4;
const samples = Math.round(requests * minutes * BATCH);
/** A demo sample has about 230 tokens. */
const byTokens = Math.round((tokens * minutes) / 230);
const outcomes = [];
const stated = { OPENROUTER_REQUESTS_PER_MINUTE: String(requests) };
outcomes.push(await measure('requests, stated', { requestsPerMinute: requests }, BATCH, samples, stated, 2));
outcomes.push(await measure('requests, learned', { requestsPerMinute: requests }, BATCH, samples, {}, 5));
const statedTokens = { OPENROUTER_TOKENS_PER_MINUTE: String(tokens) };
outcomes.push(await measure('tokens, stated', { tokensPerMinute: tokens }, 40, byTokens, statedTokens, 2));
outcomes.push(await measure('tokens, learned', { tokensPerMinute: tokens }, 40, byTokens, {}, 5));
process.exit(outcomes.every(Boolean) ? 0 : 1);
