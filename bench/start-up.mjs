import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadSettings } from '../dist/config.js';
import { embeddedTemporal } from '../dist/hosting/temporal.js';
import { environmentOf } from './pipeline.mjs';
import { startProvider } from './provider.mjs';

const CLIENT = fileURLToPath(new URL('../dist/client.js', import.meta.url));

const since = (begin) => ((performance.now() - begin) / 1000).toFixed(2);

function seconds(env, args) {
  const begin = performance.now();
  spawnSync(process.execPath, [CLIENT, ...args], { env: { ...process.env, ...env } });
  return since(begin);
}

/** Returns the seconds from the command's start to its first request. Waits until the command has ended. */
async function firstRequest(env, provider, ids) {
  const { requests } = await provider.totals();
  const begin = performance.now();
  const run = spawn(process.execPath, [CLIENT, 'generate', '--sample-ids', ids], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  });
  const ended = once(run, 'exit');
  while ((await provider.totals()).requests === requests && run.exitCode === null) await wait(20);
  const first = since(begin);
  await ended;
  return first;
}

/** Prints the seconds from a command's start to its end, and to the first request that `generate` sends. */
export async function startUp({ home, catalog }) {
  const provider = await startProvider(0);
  const env = environmentOf({
    ...{ catalog, home, baseUrl: provider.baseUrl, store: `file:${home}.db`, concurrency: 8 },
  });
  const starting = await firstRequest(env, provider, '1-2000');
  // This process keeps Temporal running; the command still starts its own worker.
  const target = await embeddedTemporal(loadSettings({ ...process.env, ...env }), () => undefined);
  const running = await firstRequest(env, provider, '2001-4000');
  await target.end();
  console.log(
    `--help ${seconds(env, ['--help'])} s (goal 0.2) · status ${seconds(env, ['status'])} s (goal 0.7) · first ` +
      `request ${starting} s after the command, Temporal's start included (goal 4), ${running} s where it runs (goal 2)`,
  );
  provider.stop();
}
