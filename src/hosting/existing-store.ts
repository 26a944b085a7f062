import type { Settings } from '../config.js';
import { otherCollection } from '../domain/other-collection.js';
import type { StoreOptions } from '../engines/libsql/connection.js';
import { isMissingFile, parseStoreUrl } from '../engines/libsql/url.js';
import type { Store } from '../engines/store.js';
import type { RunRow, StoreIdentity } from '../engines/types.js';
import { usageFault } from '../fault.js';
import { openStoreOf } from './open-store.js';

type OpenOptions = Pick<
  StoreOptions,
  'readOnly' | 'ownThread' | 'keptMb' | 'unpaidDeadlineMs' | 'lockWaitMs'
>;

/** Opens the store if it exists, whichever collection it holds. Null when there is none. */
async function openUnchecked(settings: Settings, options: OpenOptions): Promise<Store | null> {
  const { storeUrl } = settings;
  if (storeUrl === null || isMissingFile(storeUrl)) return null;
  return openStoreOf({ ...settings, storeUrl }, options);
}

/**
 * Opens the store if it exists, and never creates it. Null when there is none. Throws a usage Fault when it holds
 * another collection.
 */
export async function openExistingStore(
  settings: Settings,
  { readOnly = true, ...options }: OpenOptions = {},
): Promise<Store | null> {
  const store = await openUnchecked(settings, { readOnly, ...options });
  return store === null ? null : ownStore(store, settings);
}

/** Servers that are known to hold the collection, as `url collection`: each check is a round trip. */
const known = new Set<string>();

type Owned = Pick<Settings, 'collection' | 'storeUrl'>;

/** Reads the store's identity; null when it has none, or does not answer. Throws a Fault if it is another collection's. */
async function ownIdentity(store: Store, { collection, storeUrl }: Owned): Promise<StoreIdentity | null> {
  // When the store does not answer, the caller's next read reports that.
  const identity = await store.identity().catch(() => null);
  const owner = identity?.collection ?? null;
  if (owner !== null && owner !== collection.name) throw usageFault(otherCollection(owner, collection.name));
  if (owner !== null && storeUrl !== null && parseStoreUrl(storeUrl).kind === 'remote')
    known.add(`${storeUrl} ${owner}`);
  return identity;
}

async function checkOwner(store: Store, settings: Owned): Promise<void> {
  if (!known.has(`${settings.storeUrl} ${settings.collection.name}`)) await ownIdentity(store, settings);
}

/** Returns the store. When it holds another collection, closes it and throws a usage Fault. */
export async function ownStore(store: Store, settings: Owned): Promise<Store> {
  try {
    await checkOwner(store, settings);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
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

/**
 * The same for reads without side effects: they do not wait for the check that the store is the collection's, since a
 * store may be far away. Their result is dropped if the check fails.
 */
export async function readFromStore<T>(
  settings: Settings,
  read: (store: Store) => Promise<T>,
): Promise<T | null> {
  const store = await openUnchecked(settings, { readOnly: true });
  if (store === null) return null;
  try {
    const reading = read(store);
    reading.catch(() => undefined);
    await checkOwner(store, settings);
    return await reading;
  } finally {
    await store.close();
  }
}

/**
 * Throws a Fault when the settings' store holds another collection. Returns the store's identity; null when there is no
 * store, when it has none yet, or when it does not answer.
 */
export async function refuseOtherCollection(settings: Settings): Promise<StoreIdentity | null> {
  const store = await openUnchecked(settings, { readOnly: true });
  if (store === null) return null;
  try {
    return await ownIdentity(store, settings);
  } finally {
    await store.close();
  }
}

/** Returns the store's newest run, or the run with that id. */
export const latestRunOf = (settings: Settings, runId?: string): Promise<RunRow | null> =>
  readFromStore(settings, (store) => store.latestRun(runId));
