import type { Settings } from '../../config.js';
import type { Selection } from '../../contract/request.js';
import { isMissingFile } from '../../engines/libsql/url.js';
import { usageFault } from '../../fault.js';
import { ownStore } from '../../hosting/existing-store.js';
import { openCatalogReadOnly, type ReadOnlyCatalog } from '../../hosting/open-parts.js';
import { openStoreOf } from '../../hosting/open-store.js';
import { configuredTemporal } from '../../hosting/temporal.js';
import type { MissingIds } from '../../sources/missing-ids.js';
import { compactIds, formatIdRanges, parseSampleIds } from '../../sources/sample-ids.js';
import { noneExist } from './check-ids.js';

/** What a command line selects; `--sample-ids` as typed. */
export type CommandLineSelection = Exclude<Selection, { kind: 'ids' }> | { kind: 'sample-ids'; text: string };

/** What `--sample-ids` selects. */
export interface ResolvedSampleIds {
  selection: Extract<Selection, { kind: 'ids' }>;
  /** The text ids that the catalog lacks; null: ids are numbers, which are looked up when the run begins. */
  missing: MissingIds | null;
}

/** Missing ids that are named, at most. */
const SHOWN = 10;
/** Characters of the text ids that are kept for messages. */
const SHOWN_CHARACTERS = 200;

/**
 * Reads `--sample-ids`: numbers and ranges, or text ids separated by commas if the collection's ids are text. The store
 * maps text ids to numbers; a missing store is created, as the run would. Throws a usage Fault if the text cannot be
 * read, if none of the ids is in the catalog, or if this machine cannot reach the catalog or store needed for text ids.
 */
export async function resolveSampleIds(settings: Settings, text: string): Promise<ResolvedSampleIds> {
  const catalog = await openForText(settings, text);
  if (catalog === null) return ofNumbers(text);
  try {
    const { there, missing } = await existingOf(catalog, text);
    return { selection: selectionOf(await numbersInStore(settings, there), there), missing };
  } finally {
    await catalog.close();
  }
}

/** Does the same for a dry run, which writes nothing: the numbers are valid only for this open catalog. */
export async function resolveSampleIdsIn(catalog: ReadOnlyCatalog, text: string): Promise<ResolvedSampleIds> {
  if ((await catalog.idKind()) === 'integer') return ofNumbers(text);
  const { there, missing } = await existingOf(catalog, text);
  return { selection: selectionOf(await catalog.keys.numbersFor(there), there), missing };
}

const ofNumbers = (text: string): ResolvedSampleIds => ({
  selection: { kind: 'ids', ids: formatIdRanges(parseSampleIds(text)) },
  missing: null,
});

/** Opens the catalog if ids are text. Null: they are numbers, or look like numbers and it cannot be read. */
async function openForText(settings: Settings, text: string): Promise<ReadOnlyCatalog | null> {
  const { collection, catalogUrl } = settings;
  if (collection.rows === null) return null;
  let catalog: ReadOnlyCatalog;
  try {
    if (catalogUrl === null) throw usageFault('no source.url and no DATABASE_URL is set');
    catalog = await openCatalogReadOnly({ ...settings, catalogUrl });
  } catch (error) {
    if (/^[\d\s,-]+$/.test(text)) return null;
    const why = error instanceof Error ? error.message : String(error);
    throw usageFault(
      `--sample-ids: text ids are looked up in the catalog, which this machine cannot read (${why}): run this ` +
        'command where it can be read, or use --all',
      error,
    );
  }
  if ((await catalog.idKind()) === 'text') return catalog;
  await catalog.close();
  return null;
}

async function existingOf(
  catalog: ReadOnlyCatalog,
  text: string,
): Promise<{ there: string[]; missing: MissingIds }> {
  const asked = [...new Set(text.split(',').map((part) => part.trim().replace(UUID, lower)))];
  if (asked.includes(''))
    throw usageFault(
      '--sample-ids: there is no id between two commas; write ids like kicks/1.wav,kicks/2.wav',
    );
  const numbers = await catalog.keys.numbersFor(asked);
  const exist = await catalog.whichExist([...numbers.values()]);
  const there = asked.filter((id) => exist.has(numbers.get(id) as number));
  const gone = asked.filter((id) => !there.includes(id));
  const missing = { asked: asked.length, missing: gone.length, some: gone.slice(0, SHOWN) };
  if (there.length === 0) throw noneExist(missing);
  return { there, missing };
}

/** PostgreSQL writes UUIDs in lower case. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const lower = (text: string): string => text.toLowerCase();

function selectionOf(
  numbers: ReadonlyMap<string, number>,
  ids: readonly string[],
): ResolvedSampleIds['selection'] {
  const shown = ids.join(',');
  return {
    kind: 'ids',
    ids: compactIds([...numbers.values()]),
    textIds: shown.length > SHOWN_CHARACTERS ? `${shown.slice(0, SHOWN_CHARACTERS - 1)}…` : shown,
  };
}

async function numbersInStore(
  settings: Settings,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { storeUrl } = settings;
  if (storeUrl === null || (configuredTemporal(settings) !== null && isMissingFile(storeUrl)))
    throw usageFault(
      '--sample-ids: the numbers of text ids are in the store, which is not on this machine: set store.url ' +
        '(TURSO_DATABASE_URL) to a store that it can reach, or use --all',
    );
  const store = await ownStore(await openStoreOf({ ...settings, storeUrl }), settings);
  try {
    await store.migrate();
    return await store.numbersFor(ids);
  } finally {
    await store.close();
  }
}
