import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Settings } from '../../config.js';
import type { AttemptReads } from '../../engines/libsql/attempt-reads.js';
import { usageFault } from '../../fault.js';
import { withStore } from '../../hosting/existing-store.js';
import { reconcile } from '../../reconcile/compare.js';
import { fetchActivity } from '../../reconcile/fetch-activity.js';
import { readActivity } from '../../reconcile/read-activity.js';
import type { Activity, LedgerAttempt } from '../../reconcile/types.js';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { reconcileJson } from './reconcile-json.js';
import { showReconciliation } from './reconcile-words.js';

export interface ReconcileOptions {
  /** A file of the provider's activity. */
  reconcile?: string;
  /** True: the key is in the environment; `-`: it is read from stdin. */
  managementKey?: true | '-';
  sharedKey?: boolean;
}

const PAGE = 2000;

/** `embeddings usage --reconcile FILE | --management-key`: exit 1 if something is unexplained. */
export async function reconcileUsage(
  host: NodeJS.Process,
  console: Console,
  settings: Settings,
  options: ReconcileOptions,
): Promise<number> {
  const today = new Date().toISOString().slice(0, 10);
  const { activity, source } = await activityOf(host, settings, options, today);
  const compare = async (store: AttemptReads | null) =>
    reconcile(activity, store === null ? [] : allAttempts(store), {
      today,
      sharedKey: options.sharedKey === true,
    });
  const found = (await withStore(settings, compare)) ?? (await compare(null));
  if (found === null)
    throw usageFault(
      `${source} holds no completed day (UTC) yet: today's is not over; reconcile tomorrow, or export more days`,
    );
  console.answer(reconcileJson(source, found));
  if (!console.json)
    showReconciliation(console, source, found, host.stdout.isTTY ? host.stdout.columns : undefined);
  return found.unexplained > 0 ? ExitCode.SomeFailed : ExitCode.Ok;
}

async function activityOf(
  host: NodeJS.Process,
  settings: Settings,
  { reconcile: file, managementKey }: ReconcileOptions,
  today: string,
): Promise<{ activity: Activity; source: string }> {
  if (file !== undefined) return { activity: readActivity(textOf(file), file), source: file };
  const { baseUrl, apiKey } = settings;
  const key = managementKey === '-' ? await firstLine(host) : settings.managementKey;
  if (key === null)
    throw usageFault(
      managementKey === '-'
        ? 'stdin held no management key: embeddings usage --management-key - < key.txt'
        : 'OPENROUTER_MANAGEMENT_KEY environment variable must be set, or the key given on stdin with --management-key -',
    );
  const activity = await fetchActivity({ baseUrl, managementKey: key, apiKey }, today);
  const whose = activity.ofOurKeyOnly ? 'of this key' : 'of the whole account';
  return { activity, source: `the activity ${whose} at ${new URL(baseUrl).host}` };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw usageFault(`--reconcile ${file} cannot be read (${code}): name the file of the activity`, error);
  }
}

async function firstLine(host: NodeJS.Process): Promise<string | null> {
  for await (const line of createInterface({ input: host.stdin })) return line.trim() || null;
  return null;
}

async function* allAttempts(store: AttemptReads): AsyncGenerator<LedgerAttempt> {
  let after = '';
  while (true) {
    const page = (await store.ledgerPage(after, PAGE)) ?? [];
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.requestId;
  }
}
