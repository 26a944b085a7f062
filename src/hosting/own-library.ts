import { documentForm } from '../collections/document-form.js';
import type { Settings } from '../config.js';
import { formMark } from '../contract/form-mark.js';
import type { CatalogMark } from '../contract/plan.js';
import type { RunRequest } from '../contract/request.js';
import { markCatalog } from '../domain/catalog-mark.js';
import { isMissingFile } from '../engines/libsql/url.js';
import type { StoreIdentity } from '../engines/types.js';
import { ownStore, refuseOtherCollection, withStore } from './existing-store.js';
import { lookAtCatalog } from './open-parts.js';
import { openStoreOf } from './open-store.js';
import { configuredTemporal } from './temporal.js';

/** The id of the settings' store. Null: it has none yet. Undefined: it cannot be known from here. */
export type OwnLibrary = string | null | undefined;

const identityOf = (settings: Settings): Promise<StoreIdentity | null> =>
  withStore(settings, (store) => store.identity());

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
 * What a run that is about to be started says of its library, so that no worker over another one can take it: a store
 * that is new gets its tables for that. In one-command mode there is no other worker, and preflight makes them.
 */
export async function libraryToStart(settings: Settings): Promise<RunRequest['library'] | null> {
  if (configuredTemporal(settings) === null) {
    await refuseOtherCollection(settings);
    const known = await ownLibrary(settings);
    return known == null ? null : { store: known };
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

/** Null: the store cannot be had from here; preflight says what is wrong. Throws a Fault where it is another's. */
async function storeToStart(settings: Settings): Promise<string | null> {
  const { storeUrl } = settings;
  if (storeUrl === null) return null;
  const opened = await openStoreOf({ ...settings, storeUrl }).catch(() => null);
  if (opened === null) return null;
  const store = await ownStore(opened, settings);
  try {
    // Asked side by side; a new store gets its id with its tables.
    const [identity] = await Promise.all([store.identity(), store.migrate()]);
    return (identity ?? (await store.identity()))?.id ?? null;
  } catch {
    return null;
  } finally {
    await store.close();
  }
}
