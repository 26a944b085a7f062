import type { Settings } from '../../config.js';
import { openTemporal, type TemporalTarget } from '../../hosting/temporal.js';
import type { Console } from '../console.js';
import type { Generation } from './run-to-its-end.js';

export type { Generation } from './run-to-its-end.js';

/** Starts or joins the run, watches it to its end and says what came of it. */
export async function runGeneration(
  host: NodeJS.Process,
  console: Console,
  settings: Settings,
  generation: Generation,
): Promise<number> {
  // A server of ours takes its second to start: what the run needs is loaded meanwhile, and not before.
  let opening: Promise<TemporalTarget> | undefined;
  const starts = await new Promise<boolean>((resolve) => {
    opening = openTemporal(settings, console.say, () => resolve(true));
    opening.finally(() => resolve(false)).catch(() => undefined);
  });
  const { runToItsEnd } = await import('./run-to-its-end.js');
  if (starts) await loadWorker();
  return runToItsEnd(host, console, settings, {
    generation,
    target: await (opening as Promise<TemporalTarget>),
  });
}

/** Where that fails, the worker says so when it starts. */
async function loadWorker(): Promise<void> {
  await import('../../hosting/start-worker.js').catch(() => undefined);
  // Node loads its HTTP client when one of its names is first used.
  void globalThis.Response;
}
