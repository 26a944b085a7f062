import { join } from 'node:path';
import type { Settings } from '../../config.js';
import { type RunProgress, type RunRequest, WORKFLOW_ID } from '../../contract.js';
import { connectClient } from '../../hosting/client.js';
import { joinRun } from '../../hosting/join-run.js';
import { createLog } from '../../hosting/log.js';
import { secretsOf } from '../../hosting/secrets-of.js';
import { openTemporal, runPage } from '../../hosting/temporal.js';
import { hostWorker } from '../../hosting/worker-seat.js';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { statusJson } from '../status/status-json.js';
import { showConfiguration } from './show-configuration.js';
import { exitCodeOf, showSummary } from './summary.js';
import { watchRun } from './watch-run.js';

export interface Generation {
  /** Null: `--resume`. */
  request: RunRequest | null;
  /** What `--resume` runs when there is nothing to go on with. */
  fallback: RunRequest;
  maxCostNanos: number | null;
  progressFile: string | null;
  detach: boolean;
}

/** Starts or joins the run, watches it to its end and says what came of it. */
export async function runGeneration(
  host: NodeJS.Process,
  console: Console,
  settings: Settings,
  generation: Generation,
): Promise<number> {
  const target = await openTemporal(settings, console.say);
  const interrupted = new AbortController();
  const onSignal = (): void => {
    if (interrupted.signal.aborted) host.exit(ExitCode.Interrupted);
    interrupted.abort();
    const what = target.embedded
      ? 'letting the requests under way finish'
      : 'the run goes on without this terminal';
    host.stderr.write(`\nInterrupted: ${what}. Go on with: embeddings --resume\n`);
  };
  host.on('SIGINT', onSignal);
  host.on('SIGTERM', onSignal);
  // The worker of one-command mode starts while the client connects: both are slow, neither needs the other.
  const seat = target.embedded ? hostWorker(settings, target, workerLog(settings)) : null;
  try {
    const client = await connectClient(target);
    const joined = await joinRun(client, generation, settings, console.say);
    await showConfiguration(console, settings, joined, runPage(target, WORKFLOW_ID));
    if (generation.detach) {
      console.say('The run is under way. Watch it: embeddings status --watch');
      console.answer({ detached: true, workflow_id: WORKFLOW_ID, run_id: joined.runId });
      return ExitCode.Ok;
    }
    const failed = seat?.failed ?? new Promise<never>(() => undefined);
    const watching = watchRun(console, client, {
      signal: interrupted.signal,
      progressFile: generation.progressFile,
      embedded: target.embedded,
    });
    const end: RunProgress | null = await Promise.race([watching, failed]);
    if (end === null) return ExitCode.Interrupted;
    await showSummary(console, settings, end, runPage(target, WORKFLOW_ID));
    console.answer(await statusJson(settings, end));
    return exitCodeOf(end);
  } finally {
    // Also where the worker failed: a watching that goes on would hold the process.
    interrupted.abort();
    // The client's connection is left to the process's end: closed under a call that is being retried, gRPC throws.
    await seat?.leave();
    await target.end();
    host.off('SIGINT', onSignal);
    host.off('SIGTERM', onSignal);
  }
}

/** Of the worker in this process; workers of a cluster have logs of their own. */
const workerLog = (settings: Settings) =>
  createLog(settings.logLevel, { file: join(settings.home, 'worker.log'), secrets: secretsOf(settings) });
