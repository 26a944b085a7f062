import type { Settings } from '../../config.js';
import type { RunRequest } from '../../contract/request.js';
import { describeSelection } from '../../contract/request.js';
import { hideSecrets } from '../../hide-secrets.js';
import { catalogLabel } from '../../hosting/catalog-label.js';
import type { JoinedRun } from '../../hosting/join-run.js';
import { modelName } from '../../hosting/open-run.js';
import { usd } from '../../terminal/format.js';
import { configurationPanel } from '../../terminal/panel.js';
import type { Console } from '../console.js';
import { originalSettings } from './original-settings.js';
import { missingLine, positionLines, type RunPosition } from './run-position.js';

const HOW = {
  started: 'new',
  joined: 'already under way: watching it',
  resumed: 'going on where it was',
} as const;

/**
 * Shows what is about to happen. `today`: the request of this command; for a run that already existed the panel says
 * what differs.
 */
export async function showConfiguration(
  console: Console,
  settings: Settings,
  run: JoinedRun,
  page: string | null,
  today: RunRequest | null,
  { soFar, previousCost }: { soFar: RunPosition; previousCost: string | null },
): Promise<void> {
  const { request } = run;
  const { missing } = soFar;
  const began = originalSettings(run, settings, today);
  if (console.json) {
    const also = missing !== null && missing.missing > 0 ? [missingLine(missing)] : [];
    for (const [label, value] of [...began, ...also]) console.say(`${label}: ${value}`);
    return;
  }
  const lines: [string, string][] = [
    ['Samples', describeSelection(request)],
    ...positionLines(soFar, previousCost, run.how),
    ['Run', `${HOW[run.how]} (${run.runId})`],
    ...began,
    ['Model', modelName(run.before?.plan ?? settings)],
    ['Batch size', String(request.batchSize)],
    ['Requests in flight', String(request.concurrency)],
  ];
  // The request of an existing run does not show a cap that was raised later.
  if (request.maxCostNanos !== null && run.how === 'started')
    lines.push(['Never more than', usd(request.maxCostNanos)]);
  const catalog = catalogLabel(settings);
  if (catalog !== null) lines.push(['Catalog', catalog]);
  if (settings.storeUrl !== null) lines.push(['Store', hideSecrets(settings.storeUrl)]);
  if (settings.envFile !== null) lines.push(['Settings', settings.envFile]);
  if (page !== null) lines.push(['Web UI', page]);
  console.say(configurationPanel(lines, { columns: console.stdout.columns ?? 100 }));
}
