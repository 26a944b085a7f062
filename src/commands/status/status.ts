import { setTimeout as wait } from 'node:timers/promises';
import type { Settings } from '../../config.js';
import { isOver, type RunProgress, waitsForAPerson } from '../../contract/progress.js';
import { settingsForImpliedRun } from '../../hosting/implied-run.js';
import type { Pollers } from '../../hosting/pollers.js';
import { hasHistory } from '../../hosting/reach-run.js';
import { namesCommand, resumeCommand } from '../../hosting/resume-command.js';
import { configuredTemporal } from '../../hosting/temporal.js';
import { batches, costOf, count, formatUncertainCost, percent, plain } from '../../terminal/format.js';
import { createProgress } from '../../terminal/progress.js';
import { type Console, createConsole } from '../console.js';
import { doneOf, drawProgress } from '../draw-progress.js';
import { ExitCode } from '../exit-codes.js';
import { HERE, type Site } from '../site.js';
import { createStatusReader, type RunStatus, type StatusReader } from './run-status.js';
import { statusJson } from './status-json.js';

const WATCH_MS = 1000;
/** Time that a worker may need to answer after it receives a run. */
const ASLEEP_AFTER_MS = 8000;

/** `embeddings status`: exit 0 all well, 1 some failed, 3 work remains. `--watch` continues until the run ends. */
export async function status(
  host: NodeJS.Process,
  options: { watch?: boolean; json?: boolean },
  site: Site = HERE,
): Promise<number> {
  const console = createConsole(host, options.json === true, site.words);
  const settings = await settingsForImpliedRun(site.settings());
  const reader = createStatusReader(settings);
  try {
    const status = options.watch === true ? await watch(console, settings, reader) : await reader.read();
    return await printStatus(console, settings, status);
  } finally {
    await reader.close();
  }
}

async function printStatus(console: Console, settings: Settings, status: RunStatus): Promise<number> {
  const { progress, source, trouble } = status;
  if (progress === null) {
    console.say(trouble ?? 'No run yet. Begin one with: embeddings --all');
    console.answer({ state: 'none', ...(trouble !== null && { temporal: trouble }) });
    return trouble === null ? ExitCode.Ok : ExitCode.WorkRemains;
  }
  const asleep = isAsleep(status);
  for (const line of lines(progress, source === 'run')) console.say(line);
  const cure = cureOf(settings, status);
  if (status.workers !== null && !isOver(progress)) console.say(workersLine(status.workers));
  if (cure !== null) console.say(cure);
  if (console.json)
    console.answer({
      ...(await statusJson(settings, progress)),
      source,
      worker: trouble === null ? status.worker : null,
      ...(status.workers !== null && { workers: status.workers }),
      ...(trouble !== null && { temporal: trouble }),
    });
  if (progress.state === 'completed') return progress.totals.failed > 0 ? ExitCode.SomeFailed : ExitCode.Ok;
  return asleep || isOver(progress) || waitsForAPerson(progress) ? ExitCode.WorkRemains : ExitCode.Ok;
}

/** Returns whether the run is not over and has no worker. */
const isAsleep = ({ progress, worker }: RunStatus): boolean =>
  progress !== null && !worker && !isOver(progress);

/** Returns whether the status is final: the run is over, or no worker can continue it. */
const isFinal = (status: RunStatus): boolean =>
  status.progress === null || isOver(status.progress) || status.open === false;

/** Shows a live bar on a terminal, elsewhere a line about every two seconds. Returns the last status. */
async function watch(console: Console, settings: Settings, reader: StatusReader): Promise<RunStatus> {
  const stream = console.json ? console.stderr : console.stdout;
  const bar = createProgress({ stream, isTTY: stream.isTTY === true, columns: stream.columns ?? 80 });
  let noted: string | null = null;
  let awake = performance.now();
  let drawn = false;
  try {
    for (;;) {
      const status = await reader.read();
      const { progress, trouble } = status;
      if (progress === null) return status;
      const last = isFinal(status);
      if (!last || drawn) drawProgress(bar, progress);
      if (last) return status;
      drawn = true;
      if (!isAsleep(status)) awake = performance.now();
      const late = performance.now() - awake > ASLEEP_AFTER_MS;
      const note = trouble ?? (late ? cureOf(settings, status) : null);
      if (note !== null && note !== noted) bar.note(note);
      noted = note;
      await wait(WATCH_MS);
    }
  } finally {
    bar.stop();
  }
}

function lines(progress: RunProgress, answered: boolean): string[] {
  const { state, reason, totals, startedAt, updatedAt, expected, uncertainNanos = 0 } = progress;
  const done = doneOf(progress);
  const { scheduledBy } = progress.request;
  const by = scheduledBy === undefined ? '' : ` by the schedule ${scheduledBy.schedule}`;
  const out = [
    `${state}${reason === null ? '' : `: ${plain(reason)}`}`,
    `Processed ${count(done)}/${count(expected)} (${percent(done, expected)}) (${costOf(totals)}): ` +
      `${count(totals.stored)} stored, ${count(totals.unchanged)} unchanged, ${count(totals.failed)} failed${totals.pruned === undefined ? '' : `, ${count(totals.pruned)} pruned`}`,
    `${count(totals.requests)} requests, ${count(totals.tokens)} tokens · started ${startedAt}${by} · updated ${updatedAt}`,
  ];
  if (uncertainNanos > 0) out.push(`Perhaps besides: ${formatUncertainCost(uncertainNanos)}`);
  if (answered && !isOver(progress)) {
    out.push(flowOf(progress));
    if (progress.bottleneck !== undefined) out.push(`Slow: ${progress.bottleneck}`);
  }
  return out;
}

/** Returns what to do if the run has no worker or waits for a person. Null: nothing. */
function cureOf(settings: Settings, status: RunStatus): string | null {
  const { progress, trouble, open } = status;
  if (progress === null || isOver(progress)) return null;
  if (trouble !== null) return `This is what the store knows. ${trouble}`;
  const end = 'end it: embeddings cancel';
  const waits = waitsForAPerson(progress);
  const said = waits && namesCommand(progress.reason);
  if (!isAsleep(status)) {
    if (!waits) return null;
    return said ? 'Or end it: embeddings cancel' : `Go on with: ${resumeCommand(progress)} · ${end}`;
  }
  const own = configuredTemporal(settings) !== null;
  if (own && open === true)
    return `No worker is up. What is stored is safe; start one with: embeddings worker · ${end}`;
  // A run that Temporal no longer knows cannot be ended, only requested again.
  const canEnd = !own && hasHistory(settings);
  const goOn = canEnd && waits ? resumeCommand(progress) : 'embeddings --resume';
  return `No worker is up. What is stored is safe; go on with: ${goOn}${canEnd ? ` · ${end}` : ''}`;
}

/** Returns how many workers read this library and how many read others. */
const workersLine = ({ ours, others }: Pollers): string =>
  `Workers over this store, seen within a minute: ${ours.length === 0 ? 'none' : ours.map(plain).join(', ')}` +
  (others.length === 0
    ? ''
    : ` · over other stores, which leave the run alone: ${others.map(plain).join(', ')}`);

/** Returns the rate at which the run sends, and what limits it. */
function flowOf({ inFlight, window, request, pacePerMinute }: RunProgress): string {
  const pace = pacePerMinute == null ? '' : ` · learned pace ${count(pacePerMinute)} requests/min`;
  return `${batches(inFlight)} under way (window ${count(window)}, concurrency ${count(request.concurrency)})${pace}`;
}
