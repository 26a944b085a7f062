import type { Settings } from '../config.js';
import { otherCollection } from '../domain/other-collection.js';
import type { StoreOptions } from '../engines/libsql/connection.js';
import { isMissingFile, parseStoreUrl } from '../engines/libsql/url.js';
import type { Store } from '../engines/store.js';
import type { RunRow } from '../engines/types.js';
import { usageFault } from '../fault.js';
import { openStoreOf } from './open-store.js';

/**
 * The store, where there is one already: a look makes none. Null: there is none. A usage Fault where it holds another
 * collection.
 */
export async function openExistingStore(
  settings: Settings,
  { readOnly = true, ...options }: Pick<StoreOptions, 'readOnly' | 'ownThread' | 'keptMb'> = {},
): Promise<Store | null> {
  const { storeUrl } = settings;
  if (storeUrl === null || isMissingFile(storeUrl)) return null;
  return ownStore(await openStoreOf({ ...settings, storeUrl }, { readOnly, ...options }), settings);
}

/** Servers that are known to hold the collection, by `url collection`: each look at one is a round trip. */
const known = new Set<string>();

/** The same store. Where it holds another collection, closes it and throws a usage Fault. */
export async function ownStore(
  store: Store,
  { collection, storeUrl }: Pick<Settings, 'collection' | 'storeUrl'>,
): Promise<Store> {
  const key = `${storeUrl} ${collection.name}`;
  if (known.has(key)) return store;
  // A store that does not answer says so to whoever reads it.
  const owner = (await store.identity().catch(() => null))?.collection ?? null;
  if (owner === collection.name && storeUrl !== null && parseStoreUrl(storeUrl).kind === 'remote')
    known.add(key);
  if (owner === null || owner === collection.name) return store;
  await store.close();
  throw usageFault(otherCollection(owner, collection.name));
}

/**
 * Reads from the store when there is one already. A look changes nothing in it; a repair says `readOnly: false`.
 * Null where there is nothing to read.
 */
export async function withStore<T>(
  settings: Settings,
  read: (store: Store) => Promise<T>,
  options: { readOnly?: boolean } = {},
): Promise<T | null> {
  const store = await openExistingStore(settings, options);
  if (store === null) return null;
  try {
    return await read(store);
  } finally {
    await store.close();
  }
}

/** Throws a Fault where the settings' store holds another collection. */
export async function refuseOtherCollection(settings: Settings): Promise<void> {
  await withStore(settings, async () => undefined);
}

/** The newest run as the store remembers it, or the one of that id. */
export const latestRunOf = (settings: Settings, runId?: string): Promise<RunRow | null> =>
  withStore(settings, (store) => store.latestRun(runId));
