import type { Settings } from '../../config.js';
import type { RunProgress } from '../../contract/progress.js';
import { namesCommand, resumeCommand } from '../../hosting/resume-command.js';
import { costOf, count, formatUncertainCost, percent, plain, usd } from '../../terminal/format.js';
import { summaryTable } from '../../terminal/tables.js';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { failureCures } from '../failure-cures.js';
import { idOf } from '../failure-fields.js';
import { recentFailures } from '../status/status-json.js';

const IDS_SHOWN = 20;

export function exitCodeOf(progress: RunProgress): number {
  if (progress.state !== 'completed') return ExitCode.WorkRemains;
  return progress.totals.failed > 0 ? ExitCode.SomeFailed : ExitCode.Ok;
}

/** Prints the old script's table with added rows, then what to do next. `missing`: number of ids that do not exist. */
export async function showSummary(
  console: Console,
  settings: Settings,
  progress: RunProgress,
  page: string | null,
  missing = 0,
): Promise<void> {
  if (console.json) return;
  const { totals, state, reason } = progress;
  const successful = totals.stored + totals.unchanged;
  const rows: [string, string][] = [
    ['Total Samples', count(totals.selected)],
    ['Successful', count(successful)],
    ['  Embedded', count(totals.stored)],
    ['  Unchanged', count(totals.unchanged)],
    ['Failed', count(totals.failed)],
    ['Success Rate', totals.selected === 0 ? '–' : percent(successful, totals.selected)],
    ['Requests', count(totals.requests)],
    ['Tokens', count(totals.tokens)],
    ['Total Cost', costOf(totals)],
    [
      'Avg Cost/Sample',
      totals.stored === 0 || totals.unpriced ? '–' : usd(totals.costNanos / totals.stored, { places: 6 }),
    ],
  ];
  const { uncertainNanos = 0 } = progress;
  if (uncertainNanos > 0) rows.splice(9, 0, ['  Perhaps besides', formatUncertainCost(uncertainNanos)]);
  if (totals.pruned !== undefined) rows.splice(4, 0, ['Pruned', count(totals.pruned)]);
  if (totals.copied > 0) rows.splice(3, 0, ['  Identical text', count(totals.copied)]);
  if (missing > 0) rows.splice(1, 0, ['Not in the catalog', count(missing)]);
  console.say('');
  console.say(summaryTable('Embedding Generation Summary', rows));
  if (totals.stored > 0 || totals.noted > 0)
    console.say(
      `Fields left out as not usable: ${totals.noted === 0 ? 'none' : `in ${count(totals.noted)} samples (embeddings --dry-run says which fields, embeddings explain ID shows them)`}.`,
    );
  const { maxInputs } = progress;
  if (maxInputs !== undefined && maxInputs < progress.request.batchSize)
    console.say(
      `The provider takes at most ${count(maxInputs)} texts per request: set BATCH_SIZE=${maxInputs} to avoid refused requests.`,
    );
  if (totals.failed > 0) {
    const failures = await recentFailures(settings, IDS_SHOWN);
    const ids = failures.map((row) => plain(String(idOf(row)))).join(', ');
    console.say(`Failed samples: ${count(totals.failed)}`);
    console.say(`Sample IDs: ${ids}${totals.failed > failures.length ? ', …' : ''}`);
    console.say(['Why: embeddings failures', ...failureCures(failures, totals.failed)].join(' · '));
  }
  if (state === 'paused' || state === 'blocked' || state === 'failed' || state === 'cancelled')
    console.say(`The run is ${state}${reason === null ? '' : `: ${plain(reason)}`}`);
  if (state === 'blocked') console.say(waysOn(reason));
  if (page !== null && state !== 'completed') console.say(`Web UI: ${page}`);
}

/**
 * Returns how to continue a blocked run. If the reason names its own cure, no other is given. The run keeps the model
 * it began with.
 */
function waysOn(reason: string | null): string {
  if (reason?.includes('embeddings cancel') === true) return 'End it: embeddings cancel';
  const goOn = namesCommand(reason)
    ? 'The model stays the one it began with'
    : `When the cause is cured, go on with: ${resumeCommand({ reason })} (the model stays the one it began with)`;
  return `${goOn} · End it, also to use another model: embeddings cancel`;
}
