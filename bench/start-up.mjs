import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startProvider } from './provider.mjs';

const CLIENT = fileURLToPath(new URL('../dist/client.js', import.meta.url));

const seconds = (env, args) => {
  const begin = performance.now();
  spawnSync(process.execPath, [CLIENT, ...args], { env: { ...process.env, ...env } });
  return ((performance.now() - begin) / 1000).toFixed(2);
};

/** Seconds from the command to its answer, and to the first request that `generate` sends. */
export async function startUp({ home, catalog }) {
  const provider = await startProvider(0);
  const env = {
    EMBEDDINGS_HOME: home,
    OPENROUTER_API_KEY: 'bench',
    OPENROUTER_BASE_URL: provider.baseUrl,
    DATABASE_URL: catalog,
    TURSO_DATABASE_URL: `file:${home}.db`,
  };
  const begin = performance.now();
  const run = spawn(process.execPath, [CLIENT, 'generate', '--sample-ids', '1-2000'], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => run.once('exit', resolve));
  const bill = async () => (await fetch(new URL('/__bill', provider.baseUrl))).json();
  while ((await bill()).requests === 0 && run.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const first = ((performance.now() - begin) / 1000).toFixed(2);
  await ended;
  console.log(
    `--help ${seconds(env, ['--help'])} s (goal 0.2) · status ${seconds(env, ['status'])} s (goal 0.7) · ` +
      `first request ${first} s after the command (goal 4)`,
  );
  provider.stop();
}
