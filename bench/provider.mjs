import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/local/sandbox-openrouter/main.js', import.meta.url));

/**
 * Starts the sandbox provider as a separate process, with vectors that are cheap to create, so that it does not distort
 * measurements. `more`: further arguments, like `--vectors lexical` for vectors that are near when texts share words.
 */
export async function startProvider(latency, more = []) {
  const args = [MAIN, '--latency', String(latency), '--vectors', 'cheap', '--tokens', 'estimate', ...more];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { baseUrl } = JSON.parse(line);
  return {
    baseUrl,
    /** Returns the totals of the bill so far. */
    totals: () => ask(baseUrl).catch(() => ask(baseUrl)),
    /** Sets the faults of the provider from now on. */
    setFaults: (rules) =>
      fetch(new URL('/__faults', baseUrl), { method: 'POST', body: JSON.stringify(rules) }),
    stop: () => child.kill(),
  };
}

/** Reads the bill. Callers try twice, because a kept-alive connection may just have been closed. */
const ask = async (baseUrl) => (await fetch(new URL('/__bill', baseUrl))).json();
