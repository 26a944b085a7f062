/**
 * `npm run bench:pictures`: `embeddings report` and `embeddings map` over a large library, each as a separate process.
 *   npm run bench:pictures -- --samples 50000
 * The library is the demo catalog, embedded by a real run with the sandbox provider.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createDemoCatalog } from '../dist/local/demo-catalog/index.js';
import { pipeline } from './pipeline.mjs';
import { startProvider } from './provider.mjs';
import { watchPeak } from './scale/watch.mjs';

const CLIENT = fileURLToPath(new URL('../dist/client.js', import.meta.url));
const SECONDS = 60;
const BYTES = 1e9;
const MB = 1e6;

const { values } = parseArgs({
  options: { samples: { type: 'string', default: '50000' }, keep: { type: 'string' } },
});
const samples = Number(values.samples);
const home = values.keep ?? mkdtempSync(join(tmpdir(), 'sample-embeddings-bench-pictures-'));

/** Measures seconds, peak memory and bytes written of one command. */
async function picture(command, env) {
  const out = join(home, `${command}.html`);
  const begin = performance.now();
  const child = spawn(process.execPath, [CLIENT, command, '--out', out, '--json'], {
    cwd: home,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const watching = watchPeak(child.pid);
  const [code] = await once(child, 'exit');
  const peak = await watching.stop();
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
  return { seconds: (performance.now() - begin) / 1000, peak, size: statSync(out).size };
}

const provider = await startProvider(0, ['--vectors', 'lexical']);
try {
  const catalog = join(home, 'catalog.db');
  await createDemoCatalog({ path: catalog, samples });
  const store = `file:${join(home, 'store.db')}`;
  const { rate } = await pipeline({
    ...{ catalog, store, samples },
    ...{ baseUrl: provider.baseUrl, home: join(home, 'state'), concurrency: 8 },
  });
  console.log(`${samples} samples embedded at ${rate.toFixed(0)}/s`);
  const env = {
    OPENROUTER_API_KEY: 'bench',
    DATABASE_URL: catalog,
    TURSO_DATABASE_URL: store,
    EMBEDDINGS_HOME: home,
  };
  for (const command of ['report', 'map']) {
    const { seconds, peak, size } = await picture(command, env);
    const ok = seconds < SECONDS && peak < BYTES;
    console.log(
      `${ok ? 'ok    ' : 'MISSED'} ${command}: ${seconds.toFixed(1)} s (goal ${SECONDS}), ` +
        `${(peak / MB).toFixed(0)} MB at most (goal ${BYTES / MB}), a page of ${(size / MB).toFixed(1)} MB`,
    );
  }
} finally {
  provider.stop();
  if (values.keep === undefined) rmSync(home, { recursive: true, force: true });
}
process.exit(0);
