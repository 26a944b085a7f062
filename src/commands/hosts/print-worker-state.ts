import { setTimeout as delay } from 'node:timers/promises';
import type { ExclusiveWorker } from '../../hosting/exclusive-worker.js';
import type { Health } from '../../hosting/metrics/health.js';
import type { Console } from '../console.js';

const CHECK_EVERY_MS = 3000;

/**
 * Prints a line whenever the worker's state changes, until `over`: first that another command is the worker, then that
 * ours is up, then its health.
 */
export async function printWorkerState(
  console: Console,
  hosted: ExclusiveWorker,
  logFile: string,
  over: AbortSignal,
): Promise<void> {
  const waited = hosted.taken();
  if (waited) console.say('Worker     another command is the worker; this one takes over when that ends');
  const { metricsUrl, health } = await hosted.up;
  console.say(`Worker     A worker is up; its log is ${logFile}`);
  if (metricsUrl !== null) {
    console.say(`Health     ${metricsUrl}/healthz`);
    console.say(`Metrics    ${metricsUrl}/metrics`);
  }
  if (health !== null) await printHealth(console, health, over);
}

async function printHealth(console: Console, check: () => Promise<Health>, over: AbortSignal): Promise<void> {
  let printed = '';
  while (!over.aborted) {
    const now = complaint(await check());
    // A worker that is ending is not reported as unhealthy.
    if (over.aborted) return;
    if (now !== printed) console.say(`Worker     ${now === '' ? 'is well again' : now}`);
    printed = now;
    await delay(CHECK_EVERY_MS, undefined, { signal: over, ref: false }).catch(() => undefined);
  }
}

/** Returns the problem; empty if there is none. */
function complaint({ ok, state, temporal, store }: Health): string {
  if (ok || state === 'starting') return '';
  if (!temporal.ok) return `Temporal does not answer (${temporal.error}); going on when it does`;
  if (!store.ok) return `the store cannot be used (${store.error}); going on when it can`;
  return `takes no work: ${state}`;
}

export function printUsageHints(console: Console): void {
  console.say('Run        in another terminal: embeddings --all');
  console.say('Stop       Ctrl-C here stops all of it; what is under way is kept');
}
