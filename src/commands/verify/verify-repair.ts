import type { Settings } from '../../config.js';
import { usageFault } from '../../fault.js';
import { withStore } from '../../hosting/existing-store.js';
import { CATALOG_SETTING } from '../../sources/catalog-setting.js';
import { count } from '../../terminal/format.js';
import type { Report } from '../../verify/verify-store.js';
import { confirm, isInteractive } from '../confirm.js';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { collectDamage, type Damage } from './repair-damage.js';
import { embedAgain } from './repair-embed.js';
import { removeOrphans } from './repair-orphans.js';
import { createJsonReport } from './verify-json.js';
import { showReport } from './verify-report.js';
import { type VerifyResult, verifyWithProgress } from './verify-with-progress.js';

type Ready = Settings & { catalogUrl: string };

/** What `--repair` did, for the JSON answer. */
interface Repair {
  /** Counts of the problems before. */
  found: Report['counts'];
  /** Samples sent to be embedded again. */
  embedded: number;
  removed: number;
  /** Attempts marked as uncertain. */
  given_up: number;
  /** The answers of `generate --json`, one for each run. */
  runs: unknown[];
}

/**
 * `embeddings verify --repair`: verifies, embeds the damaged samples again with an ordinary run (durable, and in the
 * ledger), removes rows of samples that are gone, and verifies again. The exit code is that of the second verification.
 */
export async function verifyAndRepair(
  host: NodeJS.Process,
  console: Console,
  settings: Ready,
  yes: boolean,
): Promise<number> {
  const damage = await collectDamage(settings);
  const before = await verifyWithProgress(host, console, settings, damage.findings);
  const { counts, problems } = before.report;
  const repair: Repair = { found: counts, embedded: 0, removed: 0, given_up: 0, runs: [] };
  showReport(console, before.report, before.shown);
  const plan = await planOf(damage, before.report);
  if (plan === null) {
    if (problems === 0) return finish(console, before, repair);
    console.say('None of this can be repaired here.');
    // With `--json` the problems were not written during the first verification, so verify again to list them.
    return console.json ? again(host, console, settings, repair) : ExitCode.SomeFailed;
  }
  console.say(plan);
  // In a script --repair is enough, as --reset is.
  if (!yes && isInteractive(host) && !(await confirm(host, console, 'Do it?')))
    throw usageFault('nothing was done: the repair was not confirmed');

  const { code, runs, sent } = await embedAgain(host, console, settings, damage.ids);
  repair.runs = runs;
  repair.embedded = sent;
  if (code !== ExitCode.Ok && code !== ExitCode.SomeFailed) {
    console.say('The repair is not finished; when the run is over, run it again: embeddings verify --repair');
    console.answer({ ok: false, repair });
    return code;
  }
  repair.removed = await removeOrphans(settings, damage.orphans);
  if (before.report.ledger)
    repair.given_up =
      (await withStore(settings, (store) => store.giveUpLeftovers(), { readOnly: false })) ?? 0;
  if (repair.removed > 0) console.say(`Removed ${rows(repair.removed)} of samples that are gone.`);
  if (repair.given_up > 0)
    console.say(`Attempts recorded as uncertain, since their cost is unknown: ${count(repair.given_up)}.`);
  console.say('Verifying again.');
  return again(host, console, settings, repair);
}

/** Verifies again; this decides the exit code. */
async function again(
  host: NodeJS.Process,
  console: Console,
  settings: Ready,
  repair: Repair,
): Promise<number> {
  const json = console.json ? createJsonReport(console.stdout) : null;
  const after = await verifyWithProgress(
    host,
    console,
    settings,
    json === null ? {} : { problem: json.problem },
  );
  json?.end(after.report, { repair });
  showReport(console, after.report, after.shown);
  return after.report.problems > 0 ? ExitCode.SomeFailed : ExitCode.Ok;
}

function finish(console: Console, { report }: VerifyResult, repair: Repair): number {
  if (console.json) createJsonReport(console.stdout).end(report, { repair });
  return ExitCode.Ok;
}

/** Returns what the repair will do and cost, as a sentence; null if there is nothing to do. */
async function planOf(damage: Damage, report: Report): Promise<string | null> {
  const { ids, orphans } = damage;
  const leftovers = report.counts.ledger_pending ?? 0;
  // If none of the stored samples is in the catalog, it is most likely the wrong catalog.
  if (orphans.length > 0 && orphans.length === report.checked)
    throw usageFault(
      `none of the ${count(orphans.length)} stored samples is in the catalog: does ${CATALOG_SETTING} name the right one? Nothing was repaired`,
    );
  const parts = [];
  if (ids.length > 0) parts.push(`embed ${samples(ids.length)} again (${await damage.price()})`);
  if (orphans.length > 0) parts.push(`remove ${rows(orphans.length)} of samples that are gone`);
  if (leftovers > 0) parts.push('record attempts that no worker will settle as uncertain');
  return parts.length === 0 ? null : `The repair will ${parts.join(', ')}.`;
}

const samples = (n: number): string => (n === 1 ? '1 sample' : `${count(n)} samples`);
const rows = (n: number): string => (n === 1 ? '1 row' : `${count(n)} rows`);
