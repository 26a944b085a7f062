import type { Settings } from '../config.js';
import { otherCollection } from '../domain/other-collection.js';
import type { StoreOptions } from '../engines/libsql/connection.js';
import { isMissingFile, parseStoreUrl } from '../engines/libsql/url.js';
import type { Store } from '../engines/store.js';
import type { RunRow } from '../engines/types.js';
import { usageFault } from '../fault.js';
import { openStoreOf } from './open-store.js';

/**
 * Opens the store if it exists, and never creates it. Null when there is none. Throws a usage Fault when it holds
 * another collection.
 */
export async function openExistingStore(
  settings: Settings,
  {
    readOnly = true,
    ...options
  }: Pick<StoreOptions, 'readOnly' | 'ownThread' | 'keptMb' | 'unpaidDeadlineMs'> = {},
): Promise<Store | null> {
  const { storeUrl } = settings;
  if (storeUrl === null || isMissingFile(storeUrl)) return null;
  return ownStore(await openStoreOf({ ...settings, storeUrl }, { readOnly, ...options }), settings);
}

/** Servers that are known to hold the collection, as `url collection`: each check is a round trip. */
const known = new Set<string>();

/** Returns the store. When it holds another collection, closes it and throws a usage Fault. */
export async function ownStore(
  store: Store,
  { collection, storeUrl }: Pick<Settings, 'collection' | 'storeUrl'>,
): Promise<Store> {
  const key = `${storeUrl} ${collection.name}`;
  if (known.has(key)) return store;
  // When the store does not answer, the caller's next read reports that.
  const owner = (await store.identity().catch(() => null))?.collection ?? null;
  if (owner === collection.name && storeUrl !== null && parseStoreUrl(storeUrl).kind === 'remote')
    known.add(key);
  if (owner === null || owner === collection.name) return store;
  await store.close();
  throw usageFault(otherCollection(owner, collection.name));
}

/**
 * Opens the store if it exists, calls `read` and closes the store. Read-only by default; `readOnly: false` is for
 * repairs. Null when there is no store.
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

/** Throws a Fault when the settings' store holds another collection. */
export async function refuseOtherCollection(settings: Settings): Promise<void> {
  await withStore(settings, async () => undefined);
}

/** Returns the store's newest run, or the run with that id. */
export const latestRunOf = (settings: Settings, runId?: string): Promise<RunRow | null> =>
  withStore(settings, (store) => store.latestRun(runId));
