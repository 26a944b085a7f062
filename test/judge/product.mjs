import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { KEY } from './provider/start-provider.mjs';

const CLIENT = fileURLToPath(new URL('../../dist/client.js', import.meta.url));
/** None of the developer's own settings reach the product. */
const SETTINGS =
  /^(OPENROUTER|OPENAI|TURSO|DATABASE_URL|EMBEDDING|TEMPORAL_|BATCH_SIZE|MAX_RETRIES|CONCURRENCY|LOG_LEVEL|NODE_OPTIONS)/;
/** Generous: a busy machine is no fault. */
const DEADLINE_MS = 600_000;

/**
 * The built command line as a process, in one-command mode, with nothing of ours in it but its settings.
 * `home`: its EMBEDDINGS_HOME; `more`: further settings.
 */
export function productAt({ folder, home, baseUrl, catalog, store, more = {} }) {
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.test(name))),
    ...(process.env.TEMPORAL_CLI_PATH && { TEMPORAL_CLI_PATH: process.env.TEMPORAL_CLI_PATH }),
    NO_COLOR: '1',
    OPENROUTER_API_KEY: KEY,
    OPENROUTER_BASE_URL: baseUrl,
    DATABASE_URL: catalog,
    TURSO_DATABASE_URL: store,
    EMBEDDINGS_HOME: home,
    ...more,
  };
  const running = new Set();
  /** Starts it; `done` resolves with `{ code, said, stderr }`, `said` being its JSON or null. */
  const start = (args, settings = {}) => {
    const child = spawn(process.execPath, [CLIENT, ...args], {
      cwd: folder,
      env: { ...env, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    const late = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
    const done = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]).then(
      ([stdout, stderr, [code, signal]]) => {
        clearTimeout(late);
        running.delete(child);
        return { code: code ?? signal, said: parsed(stdout), stdout, stderr };
      },
    );
    return { child, done };
  };
  return {
    start,
    run: (args, settings) => start(args, settings).done,
    end() {
      for (const child of running) child.kill('SIGKILL');
    },
  };
}

function parsed(stdout) {
  try {
    return JSON.parse(stdout);
  } catch {
    return null;
  }
}
