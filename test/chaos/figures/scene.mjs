import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createDemoCatalog } from '../../../dist/local/demo-catalog/index.js';
import { startSandbox } from '../../../dist/local/sandbox-openrouter/index.js';

const CLIENT = fileURLToPath(new URL('../../../dist/client.js', import.meta.url));

/**
 * Runs `act` with a catalog, a provider and the command in one-command mode, in a temporary folder.
 * @param options `samples`; `sandbox`: options of the sandbox; `settings`: environment of the command.
 * @param act gets `{ sandbox, embeddings(...args), begin(args), home }`; `embeddings` resolves with `{ code, said }`,
 * where `said` is its JSON; `begin` returns the process of a command, which is killed at the end.
 */
export async function onScene({ samples, sandbox: sandboxOptions, settings = {} }, act) {
  const home = mkdtempSync(join(tmpdir(), 'sample-embeddings-figures-'));
  const sandbox = await startSandbox({ vectors: 'cheap', ...sandboxOptions });
  const running = new Set();
  const begin = (args) => {
    const child = spawn(process.execPath, [CLIENT, ...args], {
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
    running.add(child);
    return child;
  };
  const embeddings = async (...args) => {
    const child = begin([...args, '--json']);
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    running.delete(child);
    return { code, said: said === '' ? null : JSON.parse(said) };
  };
  try {
    await createDemoCatalog({ path: join(home, 'catalog.db'), samples });
    return await act({ sandbox, embeddings, begin, home });
  } finally {
    for (const child of running) child.kill('SIGKILL');
    await sandbox.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

/** Waits until `look` returns something other than null. */
export async function until(look, minutes = 3) {
  const end = Date.now() + minutes * 60_000;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (Date.now() > end) throw new Error('what was waited for did not come');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
