import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/local/sandbox-openrouter/main.js', import.meta.url));

/**
 * The sandbox provider as a process of its own, with cheap vectors, so that it is not what is measured. `more`: further
 * arguments, as `--vectors lexical` for vectors that lie near each other where texts share words.
 */
export async function startProvider(latency, more = []) {
  const args = [MAIN, '--latency', String(latency), '--vectors', 'cheap', '--tokens', 'estimate', ...more];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { baseUrl } = JSON.parse(line);
  return {
    baseUrl,
    /** What the bill says so far. */
    totals: () => ask(baseUrl).catch(() => ask(baseUrl)),
    /** What it does wrong from now on. */
    setFaults: (rules) =>
      fetch(new URL('/__faults', baseUrl), { method: 'POST', body: JSON.stringify(rules) }),
    stop: () => child.kill(),
  };
}

/** A connection that was kept may have been closed at this moment: one more try. */
const ask = async (baseUrl) => (await fetch(new URL('/__bill', baseUrl))).json();
