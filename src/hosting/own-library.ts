import type { Settings } from '../config.js';
import { openStore } from '../engines/libsql/index.js';
import { isMissingFile, parseStoreUrl } from '../engines/libsql/url.js';
import { withStore } from './existing-store.js';
import { configuredTemporal } from './temporal.js';

/** The id of the settings' store. Null: it has none yet. Undefined: it cannot be known from here. */
export type OwnLibrary = string | null | undefined;

/** Only looks. */
export async function ownLibrary(settings: Settings): Promise<OwnLibrary> {
  const { storeUrl } = settings;
  const ours = configuredTemporal(settings) === null;
  // A cluster's command may not know the store, or name a file that lies on the workers' machine.
  if (storeUrl === null || (!ours && isMissingFile(storeUrl))) return undefined;
  return withStore(settings, async (store) => (await store.identity())?.id ?? null).catch(() => undefined);
}

/**
 * For a run that is about to be started on a cluster: a store on a server that has no tables yet gets them, so that no
 * worker over another store can take the run. In one-command mode there is no other worker.
 */
export async function libraryToStart(settings: Settings): Promise<string | null> {
  const known = await ownLibrary(settings);
  if (known !== null) return known ?? null;
  const { storeUrl, storeToken } = settings;
  if (configuredTemporal(settings) === null || storeUrl === null) return null;
  if (parseStoreUrl(storeUrl).kind === 'file') return null;
  const store = await openStore({ url: storeUrl, ...(storeToken !== null && { authToken: storeToken }) });
  try {
    await store.migrate();
    return (await store.identity())?.id ?? null;
  } catch {
    // What is wrong is said by preflight.
    return null;
  } finally {
    await store.close();
  }
}
