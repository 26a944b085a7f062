import type { Settings } from '../../config.js';
import type { Selection } from '../../contract/request.js';
import { textIdsOf, withTextIds } from '../../domain/text-ids.js';
import type { UsageFigures } from '../../engines/libsql/usage.js';
import { latestRunOf, readFromStore, withStore } from '../../hosting/existing-store.js';
import type { JoinedRun } from '../../hosting/join-run.js';
import { openCatalogReadOnly } from '../../hosting/open-parts.js';
import { type MissingIds, missingIds } from '../../sources/missing-ids.js';
import { parseSampleIds } from '../../sources/sample-ids.js';
import type { Catalog } from '../../sources/types.js';
import { count, plain, usd } from '../../terminal/format.js';
import { idOf } from '../failure-fields.js';

/** Returns the amount spent before this command, from the ledger, as text. Null: the ledger cannot be read here. */
export async function spentBefore(settings: Settings): Promise<string | null> {
  if (settings.storeUrl === null) return null;
  try {
    const usage = await readFromStore(settings, (store) => store.usage('model', { limit: 1 }));
    return usage === null ? usd(0) : spentInWords(usage.total);
  } catch {
    // The run reports what is wrong with the store.
    return null;
  }
}

/** Formats the amount; an unknown cost is never shown as zero. */
export function spentInWords({
  costNanos,
  unknownCost,
}: Pick<UsageFigures, 'costNanos' | 'unknownCost'>): string {
  const known = costNanos ?? 0n;
  if (unknownCost === 0) return usd(known);
  return known === 0n ? 'unknown' : `${usd(known)} plus an unknown cost`;
}

/** State of a run that is about to continue: total, position, and ids that do not exist. */
export interface RunPosition {
  /** Null: this machine cannot read the catalog, or the store for `--failed`. */
  total: number | null;
  /** Id in the catalog; 0: none yet. */
  lastProcessed: number | string;
  /** The next sample; null: not known here, or none is left. */
  next: number | string | null;
  missing: MissingIds | null;
}

/** Reads catalog and store as this machine sees them. Read errors are ignored: the run reports them. */
export async function readRunPosition(
  settings: Settings,
  { request, runId, how }: Pick<JoinedRun, 'request' | 'runId' | 'how'>,
): Promise<RunPosition> {
  const { selection } = request;
  const row = how === 'started' ? null : await latestRunOf(settings, runId).catch(() => null);
  const last = row?.totals.lastProcessedId ?? null;
  const found = await (selection.kind === 'failed'
    ? ofFailed(settings, last)
    : ofCatalog(settings, selection, last)
  ).catch(() => NOTHING_KNOWN);
  const called = last === null ? 0 : await textIdOf(settings, last).catch(() => last);
  return { lastProcessed: called, ...found };
}

const textIdOf = async (settings: Settings, number: number): Promise<number | string> =>
  (await readFromStore(settings, (store) => textIdsOf(store, [number])))?.get(number) ?? number;

type Found = Omit<RunPosition, 'lastProcessed'>;

const NOTHING_KNOWN: Found = { total: null, next: null, missing: null };

async function ofFailed(settings: Settings, last: number | null): Promise<Found> {
  const found = await withStore(settings, async (store) => {
    const [first] = await store.listFailures({ after: last, limit: 1 });
    const [named] = await withTextIds(store, first === undefined ? [] : [first]);
    return { total: await store.countFailures(), next: named === undefined ? null : idOf(named) };
  });
  return { ...NOTHING_KNOWN, ...found };
}

async function ofCatalog(settings: Settings, selection: Selection, last: number | null): Promise<Found> {
  const { catalogUrl } = settings;
  if (catalogUrl === null) return NOTHING_KNOWN;
  const catalog = await openCatalogReadOnly({ ...settings, catalogUrl });
  try {
    const ranges = rangesOf(selection);
    const total = await catalog.count(ranges);
    const [first] = await catalog.readPage({ after: last, limit: 1, ...(ranges && { ranges }) });
    return { total, next: first?.textId ?? first?.id ?? null, missing: await missingOf(catalog, selection) };
  } finally {
    await catalog.close();
  }
}

const rangesOf = (selection: Selection) =>
  selection.kind === 'ids' ? parseSampleIds(selection.ids) : undefined;

/** Null: the selection is not by ids. */
const missingOf = async (catalog: Catalog, selection: Selection): Promise<MissingIds | null> =>
  selection.kind === 'ids' ? missingIds(catalog, parseSampleIds(selection.ids)) : null;

/** Returns the old script's lines of the panel. */
export function positionLines(
  { total, lastProcessed, next, missing }: RunPosition,
  previousCost: string | null,
  how: JoinedRun['how'],
): [string, string][] {
  // Batches end in any order, so earlier ones may still be open.
  const open = how !== 'started' && lastProcessed !== 0 ? ', and earlier samples that were not finished' : '';
  return [
    ['Total samples', total === null ? 'counted by the worker' : count(total)],
    ...(missing !== null && missing.missing > 0 ? [missingLine(missing)] : []),
    ['Last processed', plain(String(lastProcessed))],
    [
      'Resume from',
      next === null
        ? total === null
          ? 'where the worker stands'
          : 'nothing is left'
        : `${plain(String(next))}${open}`,
    ],
    ...(previousCost === null ? [] : [['Previous cost', previousCost] as [string, string]]),
  ];
}

/** `Not in the catalog: 3 of the 5 ids asked for (7, 8, 9)`. */
export function missingLine({ asked, missing, some }: MissingIds): [string, string] {
  const more = some.length < missing ? ', …' : '';
  const which = some.length === 0 ? '' : ` (${some.join(', ')}${more})`;
  return ['Not in the catalog', `${count(missing)} of the ${count(asked)} ids asked for${which}`];
}

/** Ids of the request that are not in the catalog; 0 if the selection is not by ids, or this machine cannot tell. */
export const missingOfRun = ({ missing }: RunPosition): number => missing?.missing ?? 0;
