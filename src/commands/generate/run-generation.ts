import type { Settings } from '../../config.js';
import { openTemporal } from '../../hosting/temporal.js';
import type { Console } from '../console.js';
import type { Generation } from './run-to-its-end.js';

export type { Generation } from './run-to-its-end.js';

/** Starts or joins the run, watches it to its end and prints the result. */
export async function runGeneration(
  host: NodeJS.Process,
  console: Console,
  settings: Settings,
  generation: Generation,
): Promise<number> {
  // The local server takes about a second to start; the worker's modules are loaded meanwhile.
  const target = await openTemporal(settings, console.say, () => void load());
  const { runToItsEnd } = await import('./run-to-its-end.js');
  return runToItsEnd(host, console, settings, { generation, target });
}

/** Preloads modules. An error is ignored: the same import fails again where it is needed, and is reported there. */
async function load(): Promise<void> {
  await import('./run-to-its-end.js').catch(() => undefined);
  await import('../../hosting/start-worker.js').catch(() => undefined);
  // Node loads its HTTP client when one of its globals is first used.
  void globalThis.Response;
}
