import { documentForm } from '../collections/document-form.js';
import type { Settings } from '../config.js';
import type { CatalogMark } from '../contract/plan.js';
import type { RunRequest } from '../contract/request.js';
import { markCatalog } from '../domain/catalog-mark.js';
import { otherCollection } from '../domain/other-collection.js';
import { openStore } from '../engines/libsql/index.js';
import { isMissingFile, parseStoreUrl } from '../engines/libsql/url.js';
import type { StoreIdentity } from '../engines/types.js';
import { usageFault } from '../fault.js';
import { withStore } from './existing-store.js';
import { lookAtCatalog } from './open-parts.js';
import { configuredTemporal } from './temporal.js';

/** The id of the settings' store. Null: it has none yet. Undefined: it cannot be known from here. */
export type OwnLibrary = string | null | undefined;

const identityOf = (settings: Settings): Promise<StoreIdentity | null> =>
  withStore(settings, (store) => store.identity());

/** Throws a Fault where the settings' store holds another collection. */
export async function refuseOtherCollection(settings: Settings): Promise<void> {
  const { collection = null } = (await identityOf(settings).catch(() => null)) ?? {};
  if (collection !== null && collection !== settings.collection.name)
    throw usageFault(otherCollection(collection, settings.collection.name));
}

/** Only looks. */
export async function ownLibrary(settings: Settings): Promise<OwnLibrary> {
  const { storeUrl } = settings;
  const ours = configuredTemporal(settings) === null;
  // A cluster's command may not know the store, or name a file that lies on the workers' machine.
  if (storeUrl === null || (!ours && isMissingFile(storeUrl))) return undefined;
  return identityOf(settings).then(
    (identity) => identity?.id ?? null,
    () => undefined,
  );
}

/**
 * For a run that is about to be started on a cluster: a store on a server that has no tables yet gets them, so that no
 * worker over another store can take the run. In one-command mode there is no other worker.
 */
export async function libraryToStart(settings: Settings): Promise<RunRequest['library'] | null> {
  await refuseOtherCollection(settings);
  const store = await storeToStart(settings);
  if (store === null) return null;
  const catalog = await catalogMark(settings);
  const { mark } = documentForm(settings.collection);
  return { store, ...(catalog !== null && { catalog }), ...(mark !== null && { form: mark }) };
}

/** Null: the catalog cannot be read from here. */
async function catalogMark(settings: Settings): Promise<CatalogMark | null> {
  const { catalogUrl } = settings;
  if (catalogUrl === null) return null;
  try {
    const catalog = await lookAtCatalog({ ...settings, catalogUrl });
    try {
      return await markCatalog(catalog);
    } finally {
      await catalog.close();
    }
  } catch {
    return null;
  }
}

async function storeToStart(settings: Settings): Promise<string | null> {
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
