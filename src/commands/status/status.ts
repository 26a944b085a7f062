import { setTimeout as wait } from 'node:timers/promises';
import { loadSettings, type Settings } from '../../config.js';
import type { RunProgress } from '../../contract.js';
import { connectClient } from '../../hosting/client.js';
import { describeRun } from '../../hosting/describe-run.js';
import { latestRunOf } from '../../hosting/latest-run.js';
import { askRun, progressOfRow } from '../../hosting/run-progress.js';
import { findTemporal } from '../../hosting/temporal.js';
import { costOf, count, percent, plain } from '../../terminal/format.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { statusJson } from './status-json.js';

const WATCH_MS = 1000;
const QUERY_MS = 1500;

export interface Standing {
  progress: RunProgress | null;
  /** Where the figures are from: the running workflow, or the store's durable facts. */
  source: 'run' | 'store';
  /** True while the run is open in Temporal. */
  open: boolean;
}

/** From the workflow when a worker answers, else from what the store holds: exact either way, the store's never newer. */
export async function standingOf(settings: Settings): Promise<Standing> {
  const target = await findTemporal(settings);
  if (target !== null) {
    const client = await connectClient(target);
    try {
      const open = (await describeRun(client))?.open === true;
      const progress = open ? await askRun(client, QUERY_MS) : null;
      if (progress !== null) return { progress, source: 'run', open };
      const row = await latestRunOf(settings);
      return { progress: row && progressOfRow(row), source: 'store', open };
    } finally {
      await client.connection.close();
    }
  }
  const row = await latestRunOf(settings);
  return { progress: row && progressOfRow(row), source: 'store', open: false };
}

const OVER = new Set(['completed', 'cancelled', 'failed']);

/** `embeddings status`: exit 0 all well, 1 some failed, 3 work remains. */
export async function status(
  host: NodeJS.Process,
  options: { watch?: boolean; json?: boolean },
): Promise<number> {
  const console = createConsole(host, options.json === true);
  const settings = loadSettings();
  while (true) {
    const standing = await standingOf(settings);
    const { progress } = standing;
    if (progress === null) {
      console.say('No run yet. Begin one with: embeddings --all');
      console.answer({ state: 'none' });
      return ExitCode.Ok;
    }
    const asleep = standing.source === 'store' && !OVER.has(progress.state);
    if (options.watch !== true || OVER.has(progress.state) || (asleep && !standing.open)) {
      for (const line of lines(progress, asleep)) console.say(line);
      if (console.json)
        console.answer({
          ...(await statusJson(settings, progress)),
          source: standing.source,
          worker: !asleep,
        });
      if (progress.state === 'completed')
        return progress.totals.failed > 0 ? ExitCode.SomeFailed : ExitCode.Ok;
      return OVER.has(progress.state) || asleep || progress.state === 'paused' || progress.state === 'blocked'
        ? ExitCode.WorkRemains
        : ExitCode.Ok;
    }
    for (const line of lines(progress, asleep)) console.say(line);
    await wait(WATCH_MS);
  }
}

function lines(progress: RunProgress, asleep: boolean): string[] {
  const { state, reason, totals, startedAt, updatedAt } = progress;
  const done = totals.stored + totals.unchanged + totals.failed;
  const { scheduledBy } = progress.request;
  const by = scheduledBy === undefined ? '' : ` by the schedule ${scheduledBy.schedule}`;
  const out = [
    `${state}${reason === null ? '' : `: ${plain(reason)}`}`,
    `Processed ${count(done)}/${count(totals.selected)} (${percent(done, totals.selected)}) (${costOf(totals)}): ` +
      `${count(totals.stored)} stored, ${count(totals.unchanged)} unchanged, ${count(totals.failed)} failed${totals.pruned === undefined ? '' : `, ${count(totals.pruned)} pruned`}`,
    `${count(totals.requests)} requests, ${count(totals.tokens)} tokens · started ${startedAt}${by} · updated ${updatedAt}`,
  ];
  if (!asleep && !OVER.has(state)) out.push(flowOf(progress));
  if (asleep) out.push('No worker is up. What is stored is safe; go on with: embeddings --resume');
  return out;
}

/** How much the run sends, and what holds it back. */
function flowOf({ inFlight, window, request, pacePerMinute }: RunProgress): string {
  const pace = pacePerMinute == null ? '' : ` · learned pace ${count(pacePerMinute)} requests/min`;
  return `${count(inFlight)} batches under way (window ${count(window)}, concurrency ${count(request.concurrency)})${pace}`;
}
