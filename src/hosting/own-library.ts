import { documentForm } from '../collections/document-form.js';
import type { Settings } from '../config.js';
import { formMark } from '../contract/form-mark.js';
import type { CatalogMark } from '../contract/plan.js';
import type { RunRequest } from '../contract/request.js';
import { markCatalog } from '../domain/catalog-mark.js';
import { isMissingFile } from '../engines/libsql/url.js';
import type { StoreIdentity } from '../engines/types.js';
import { ownStore, readFromStore, refuseOtherCollection } from './existing-store.js';
import { openCatalogReadOnly } from './open-parts.js';
import { openStoreOf } from './open-store.js';
import { configuredTemporal } from './temporal.js';

/** The id of the settings' store. Null: it has none yet. Undefined: it cannot be known from here. */
export type OwnLibrary = string | null | undefined;

const identityOf = (settings: Settings): Promise<StoreIdentity | null> =>
  readFromStore(settings, (store) => store.identity());

/** Returns the id of the settings' store, and creates nothing. */
export async function ownLibrary(settings: Settings): Promise<OwnLibrary> {
  const { storeUrl } = settings;
  const ours = configuredTemporal(settings) === null;
  // A cluster's command may not know the store, or may name a file on the workers' machine.
  if (storeUrl === null || (!ours && isMissingFile(storeUrl))) return undefined;
  return identityOf(settings).then(
    (identity) => identity?.id ?? null,
    () => undefined,
  );
}

/**
 * Returns what a new run states about its library, so that no worker over another library can take it. A new store gets
 * its tables here, as its id comes with them. In one-command mode there is no other worker, and preflight creates the
 * tables.
 */
export async function libraryToStart(settings: Settings): Promise<RunRequest['library'] | null> {
  if (configuredTemporal(settings) === null) {
    const known = await refuseOtherCollection(settings);
    return known === null ? null : { store: known.id };
  }
  const store = await storeToStart(settings);
  const catalog = await catalogMark(settings);
  const { mark } = documentForm(settings.collection);
  return {
    routed: true,
    ...(store !== null && { store }),
    ...(catalog !== null && { catalog }),
    ...formMark(mark, settings.building ?? 1),
  };
}

/** Null when the catalog cannot be read from here. */
async function catalogMark(settings: Settings): Promise<CatalogMark | null> {
  const { catalogUrl } = settings;
  if (catalogUrl === null) return null;
  try {
    const catalog = await openCatalogReadOnly({ ...settings, catalogUrl });
    try {
      return await markCatalog(catalog);
    } finally {
      await catalog.close();
    }
  } catch {
    return null;
  }
}

/** Null when the store cannot be opened from here; preflight reports why. Throws a Fault when it is another's. */
async function storeToStart(settings: Settings): Promise<string | null> {
  const { storeUrl } = settings;
  if (storeUrl === null) return null;
  const opened = await openStoreOf({ ...settings, storeUrl }).catch(() => null);
  if (opened === null) return null;
  const store = await ownStore(opened, settings);
  try {
    // Sent in parallel. A new store gets its id with its tables.
    const [identity] = await Promise.all([store.identity(), store.migrate()]);
    return (identity ?? (await store.identity()))?.id ?? null;
  } catch {
    return null;
  } finally {
    await store.close();
  }
}
