import type { Settings } from '../../config.js';
import { workflowIdOf } from '../../contract/names.js';
import type { RunProgress } from '../../contract/progress.js';
import type { RunRequest } from '../../contract/request.js';
import { connectClient } from '../../hosting/client.js';
import { hostWorker } from '../../hosting/exclusive-worker.js';
import { latestRunOf } from '../../hosting/existing-store.js';
import { joinRun } from '../../hosting/join-run.js';
import { runPage, type TemporalTarget } from '../../hosting/temporal.js';
import { createWorkerLog } from '../../hosting/worker-log.js';
import { fullDisk } from '../../local/temporal/startup-fault.js';
import type { MissingIds } from '../../sources/missing-ids.js';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { statusJson } from '../status/status-json.js';
import { endingSignals } from '../until-signal.js';
import { createAgreement } from './agreement.js';
import { selectedNothing } from './check-ids.js';
import { reportUnderWay } from './detach.js';
import { openProgressFile, type ProgressFile, withStoredTotals } from './progress-file.js';
import { missingOfRun, readRunPosition, spentBefore } from './run-position.js';
import { settingsOfRequest } from './settings-of-request.js';
import { showConfiguration } from './show-configuration.js';
import { exitCodeOf, showSummary } from './summary.js';
import { watchRun } from './watch-run.js';

export interface Generation {
  /** Null: `--resume`. */
  request: RunRequest | null;
  /** What `--resume` runs if there is no run to continue; null: that is a Fault. */
  fallback: RunRequest | null;
  maxCostNanos: number | null;
  progressFile: string | null;
  detach: boolean;
  /** Ids of the request that the catalog lacks; absent: the request's numbers are looked up. */
  missing?: MissingIds;
  /** See RunToJoin. */
  planAgain?: boolean;
  /** The command that continues the run after Ctrl-C; default `embeddings --resume`. */
  again?: string;
}

/** Does the work of runGeneration on an open Temporal, and releases it. */
export async function runToItsEnd(
  host: NodeJS.Process,
  console: Console,
  settings: Settings,
  { generation, target }: { generation: Generation; target: TemporalTarget },
): Promise<number> {
  const workflowId = workflowIdOf(settings.collection.name, settings.building);
  const { meant, file } = await prepared(console, settings, generation).catch(async (error: unknown) => {
    await target.end();
    throw error;
  });
  const before = spentBefore(settings);
  const interrupted = new AbortController();
  const onSignal = (): void => {
    if (interrupted.signal.aborted) host.exit(ExitCode.Interrupted);
    interrupted.abort();
    host.stderr.write(
      isOtherWorkerActive()
        ? '\nInterrupted: the run goes on without this terminal. Watch it: embeddings status --watch\n'
        : `\nInterrupted: letting the requests under way finish. Go on with: ${generation.again ?? 'embeddings --resume'}\n`,
    );
  };
  const signals = endingSignals();
  for (const signal of signals) host.on(signal, onSignal);
  // The worker of one-command mode is loaded while the client connects: both are slow and independent.
  const agreement = createAgreement();
  const hosted = target.embedded
    ? hostWorker(settings, target, createWorkerLog(settings), { agreed: agreement.reached })
    : null;
  const isOtherWorkerActive = (): boolean => hosted === null || hosted.taken();
  let last: RunProgress | null = null;
  let isLastWritten = false;
  try {
    const client = await connectClient(target);
    const joined = await joinRun(client, generation, {
      ...{ settings, meant },
      say: console.say,
      otherWorker: isOtherWorkerActive,
      onAgreed: agreement.reach,
    });
    const position = await readRunPosition(settings, joined);
    const soFar = { ...position, missing: generation.missing ?? position.missing };
    await showConfiguration(
      console,
      meant,
      joined,
      runPage(target, workflowId),
      generation.request ?? generation.fallback,
      { soFar, previousCost: await before },
    );
    reportUnderWay(host);
    if (generation.detach) {
      console.say('The run is under way. Watch it: embeddings status --watch');
      console.answer({ detached: true, workflow_id: workflowId, run_id: joined.runId });
      return ExitCode.Ok;
    }
    const failed = hosted?.failed ?? new Promise<never>(() => undefined);
    const watching = watchRun(console, client, {
      signal: interrupted.signal,
      workflowId,
      embedded: target.embedded,
      ...(target.embedded && { trouble: () => fullDisk(settings.home) }),
      onProgress(progress) {
        last = progress;
        file.write(progress);
      },
    });
    const end: RunProgress | null = await Promise.race([watching, failed]);
    if (end === null) return ExitCode.Interrupted;
    await file.writeLast(end, isOtherWorkerActive());
    isLastWritten = true;
    // A local server stops with its last command, so its address would not work any more when a user reads it.
    const page = isOtherWorkerActive() ? runPage(target, workflowId) : null;
    const missing = missingOfRun(soFar);
    await showSummary(console, settings, end, page, missing);
    console.answer({ ...(await statusJson(settings, end)), ids_not_in_catalog: missing });
    const none = selectedNothing(end);
    if (none === null) return exitCodeOf(end);
    host.stderr.write(`error: ${none.message}\n`);
    return ExitCode.Usage;
  } finally {
    // Also if the worker failed: a watch that continues would keep the process alive.
    interrupted.abort();
    agreement.giveUp();
    const others = isOtherWorkerActive();
    // The client's connection is left open until the process ends: gRPC throws if it is closed during a retried call.
    await hosted?.leave();
    if (!isLastWritten) await writeLastProgress(file, settings, last, others);
    await target.end();
    for (const signal of signals) host.off(signal, onSignal);
  }
}

async function prepared(console: Console, settings: Settings, { request, progressFile }: Generation) {
  const meant = await settingsOfRequest(settings, request);
  return { meant, file: openProgressFile(progressFile, settings, console.say) };
}

/** Writes the last progress: batches under way when this command was told to end have been stored since. */
async function writeLastProgress(
  file: ProgressFile,
  settings: Settings,
  last: RunProgress | null,
  worker: boolean,
): Promise<void> {
  if (last === null) return;
  const row = await latestRunOf(settings, last.runId).catch(() => null);
  await file.writeLast(worker ? last : withStoredTotals(last, row), worker);
}
