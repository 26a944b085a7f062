import { loadSettings, required, type Settings } from '../../config.js';
import type { OnBlocked, RunRequest, Selection } from '../../contract/request.js';
import { usageFault } from '../../fault.js';
import { settingsForImpliedRun } from '../../hosting/implied-run.js';
import { configuredTemporal } from '../../hosting/temporal.js';
import type { MissingIds } from '../../sources/missing-ids.js';
import { parseSampleIds } from '../../sources/sample-ids.js';
import { checkCap } from '../check-cap.js';
import { confirm, isInteractive } from '../confirm.js';
import { type Console, createConsole } from '../console.js';
import { updateFolderIndex } from '../scan/update-folder-index.js';
import { checkIds } from './check-ids.js';
import type { CommandLineSelection } from './resolve-sample-ids.js';

export interface GenerateOptions {
  all?: boolean;
  sampleIds?: string;
  failed?: boolean;
  resume?: boolean;
  dryRun?: boolean;
  reset?: boolean;
  prune?: boolean;
  acceptShape?: boolean;
  batchSize?: number;
  maxRetries?: number;
  concurrency?: number;
  maxCost?: number;
  onBlocked: OnBlocked;
  progressFile?: string;
  detach?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** `embeddings generate`: parses the whole request before anything is opened, and checks it before anything is paid. */
export async function generate(host: NodeJS.Process, options: GenerateOptions): Promise<number> {
  const console = createConsole(host, options.json === true);
  const asked = askedFor(options);
  checkPrune(options);
  const loaded = withConcurrency(loadSettings(), options.concurrency);
  const settings = asked === null ? await settingsForImpliedRun(loaded) : loaded;
  checkIdsAsked(settings, asked);
  if (options.dryRun === true) {
    const { dryRun } = await import('./dry-run.js');
    await updateFolderIndex(console, settings);
    const { targetSettings } = await import('../../hosting/generation-settings.js');
    return dryRun(console, await targetSettings(settings), asked ?? { kind: 'all' }, options.reset === true);
  }
  if (configuredTemporal(settings) === null) await updateFolderIndex(console, settings);
  await checkBeforehand(settings, console.say);
  const { selection, missing } = await selectionOf(settings, asked);
  if (selection !== null && missing === null) await checkIds(settings, selection);
  if (selection !== null) await checkCap(settings, requestOf(selection, options, settings));
  if (options.reset === true && options.yes !== true) await confirmReset(host, console);
  if (options.detach === true && configuredTemporal(settings) === null) {
    const { detach } = await import('./detach.js');
    return detach(host, console, settings);
  }
  const { runGeneration } = await import('./run-generation.js');
  const request = selection === null ? null : requestOf(selection, options, settings);
  const code = await runGeneration(host, console, settings, {
    request,
    fallback: requestOf({ kind: 'all' }, options, settings),
    maxCostNanos: options.maxCost ?? null,
    progressFile: options.progressFile ?? null,
    detach: options.detach === true,
    ...(missing !== null && { missing }),
  });
  if (request === null || options.detach === true) return code;
  const { followBuilds } = await import('./follow-builds.js');
  return followBuilds(host, console, settings, { request, code });
}

/** Applies `--concurrency` to the settings, since in one-command mode the worker is this command's own. */
const withConcurrency = (settings: Settings, concurrency: number | undefined): Settings =>
  concurrency === undefined ? settings : { ...settings, concurrency };

/** Throws a usage Fault if `--prune` is combined with a part of the catalog: only all of it shows what is gone. */
export function checkPrune(
  options: Pick<GenerateOptions, 'prune' | 'sampleIds' | 'failed' | 'resume' | 'dryRun'>,
): void {
  if (options.prune !== true) return;
  if (options.dryRun === true)
    throw usageFault('--prune cannot be tried with --dry-run: embeddings verify lists what it would delete');
  if (options.sampleIds !== undefined || options.failed === true || options.resume === true)
    throw usageFault('--prune goes with --all: it deletes what is gone from the whole catalog');
}

/** Returns what the options select; null for `--resume`, as the run itself knows its selection. */
function askedFor(options: GenerateOptions): CommandLineSelection | null {
  if (options.sampleIds !== undefined) return { kind: 'sample-ids', text: options.sampleIds };
  if (options.failed === true) return { kind: 'failed' };
  if (options.all === true) return { kind: 'all' };
  if (options.resume === true) return null;
  throw usageFault('say which samples: --all, --sample-ids 1,5,10-20, --failed or --resume');
}

/** Rejects malformed ids before anything is opened, where ids are numbers: in the library's own tables. */
function checkIdsAsked({ collection }: Settings, asked: CommandLineSelection | null): void {
  if (asked?.kind === 'sample-ids' && collection.rows === null) parseSampleIds(asked.text);
}

async function selectionOf(
  settings: Settings,
  asked: CommandLineSelection | null,
): Promise<{ selection: Selection | null; missing: MissingIds | null }> {
  if (asked?.kind !== 'sample-ids') return { selection: asked, missing: null };
  const { resolveSampleIds } = await import('./resolve-sample-ids.js');
  return resolveSampleIds(settings, asked.text);
}

const requestOf = (selection: Selection, options: GenerateOptions, settings: Settings): RunRequest => ({
  selection,
  reset: options.reset === true,
  batchSize: options.batchSize ?? settings.batchSize,
  maxRetries: options.maxRetries ?? settings.maxRetries,
  concurrency: options.concurrency ?? settings.concurrency,
  maxCostNanos: options.maxCost ?? null,
  onBlocked: options.onBlocked,
  ...(settings.building !== undefined && { generation: settings.building }),
  ...(options.prune === true && { prune: true }),
  ...(options.acceptShape === true && { acceptShape: true }),
});

/** Checks settings and catalog before Temporal is started, in one-command mode: this process is the worker too. */
export async function checkBeforehand(
  settings: Settings,
  say: (line: string) => void = () => undefined,
): Promise<void> {
  if (configuredTemporal(settings) !== null) return;
  const known = required(settings, 'apiKey', 'storeUrl', 'catalogUrl');
  const { parseStoreUrl } = await import('../../engines/libsql/url.js');
  const { openCatalogReadOnly, openProvider } = await import('../../hosting/open-parts.js');
  parseStoreUrl(known.storeUrl);
  openProvider(known, 'document');
  const catalog = await openCatalogReadOnly(known);
  try {
    await catalog.inspect();
    const { gapsOf } = await import('../../domain/catalog-notes.js');
    const { isOfTexts } = await import('../../domain/check-shape.js');
    const { fields } = settings.collection.text;
    const absent = (await catalog.missingColumns()).filter((name) => isOfTexts(fields, name));
    const gaps = gapsOf({ absent, hidden: await catalog.hiddenTables() });
    if (gaps.length > 0) say(`The catalog: ${gaps.join('; ')}.`);
  } finally {
    await catalog.close();
  }
}

/** Asks for confirmation on a terminal; in a script, --reset is enough, as it always has been. */
async function confirmReset(host: NodeJS.Process, console: Console): Promise<void> {
  if (!isInteractive(host)) {
    console.say('--reset: every selected sample is embedded and paid for again.');
    return;
  }
  if (!(await confirm(host, console, 'Embed and pay for every selected sample again?')))
    throw usageFault('nothing was done: --reset was not confirmed');
}
