import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startSqld } from '../sqld.mjs';

const CLIENT = fileURLToPath(new URL('../../dist/client.js', import.meta.url));

/** Starts a libSQL server, and workers as separate processes that share one Temporal. */
export async function openScene({ folder, address, namespace, catalog, baseUrl, limits = {} }) {
  const home = join(folder, namespace);
  mkdirSync(home, { recursive: true });
  const sqld = await startSqld(join(home, 'sqld'));
  const env = (own) => ({
    ...process.env,
    EMBEDDINGS_HOME: home,
    OPENROUTER_API_KEY: 'bench',
    OPENROUTER_BASE_URL: baseUrl,
    DATABASE_URL: catalog,
    TURSO_DATABASE_URL: sqld.url,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    LOG_LEVEL: 'error',
    ...limits,
    ...own,
  });
  const workers = [];
  return {
    workers,
    async addWorker(concurrency) {
      const child = spawn(process.execPath, [CLIENT, 'worker', '--metrics-port', '0'], {
        env: env({ CONCURRENCY: String(concurrency) }),
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      workers.push(child);
      return child;
    },
    /** Runs the command and returns its JSON output. */
    async run(args) {
      const child = spawn(process.execPath, [CLIENT, ...args, '--json'], {
        env: env({}),
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return JSON.parse(await text(child.stdout));
    },
    async close() {
      for (const child of workers) if (child.exitCode === null) child.kill('SIGTERM');
      await Promise.all(workers.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
      await sqld.stop();
    },
  };
}
