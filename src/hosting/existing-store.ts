import type { Settings } from '../config.js';
import { otherCollection } from '../domain/other-collection.js';
import { openStore } from '../engines/libsql/index.js';
import { isMissingFile } from '../engines/libsql/url.js';
import type { Store } from '../engines/store.js';
import type { RunRow } from '../engines/types.js';
import { usageFault } from '../fault.js';

/**
 * The store, where there is one already: a look makes none. Null: there is none. A usage Fault where it holds another
 * collection.
 */
export async function openExistingStore(settings: Settings, { readOnly = true } = {}): Promise<Store | null> {
  const { storeUrl, storeToken } = settings;
  if (storeUrl === null || isMissingFile(storeUrl)) return null;
  const store = await openStore({
    url: storeUrl,
    readOnly,
    ...(storeToken !== null && { authToken: storeToken }),
  });
  // A store that does not answer says so to whoever reads it.
  const owner = (await store.identity().catch(() => null))?.collection ?? null;
  const { name } = settings.collection;
  if (owner === null || owner === name) return store;
  await store.close();
  throw usageFault(otherCollection(owner, name));
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
