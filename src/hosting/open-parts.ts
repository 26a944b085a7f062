import type { Settings } from '../config.js';
import { provisionalKeys } from '../domain/provisional-keys.js';
import type { Store } from '../engines/store.js';
import { openHomeFolder } from '../local/home-folder.js';
import { createOpenRouter } from '../providers/openrouter.js';
import type { Provider } from '../providers/types.js';
import { openDeclared } from '../sources/declared/index.js';
import { openCatalog } from '../sources/index.js';
import type { Catalog, TextIdMap } from '../sources/types.js';
import { openExistingStore } from './existing-store.js';
import { refuseSameFile } from './same-file.js';
import { tracedProvider } from './traced.js';

/** What a provider is used for: vectors of stored samples, or of search queries. */
export type Purpose = 'document' | 'query';

/** Creates the provider. Throws a usage Fault for a base address or key that must not be used. */
export function openProvider(
  { apiKey, baseUrl, collection }: Pick<Settings, 'apiKey' | 'baseUrl' | 'collection'>,
  purpose: Purpose,
): Provider {
  const { inputType } = collection.model[purpose];
  return tracedProvider(
    createOpenRouter({ apiKey, baseUrl, ...(inputType !== undefined && { inputType }) }),
    baseUrl,
  );
}

/** Settings that name a catalog. */
export type WithCatalog = Settings & { catalogUrl: string };

/** Opens the collection's catalog, for reading only; see openCatalog. `keys` gives numbers to text ids. */
export async function openCatalogOf(settings: WithCatalog, keys: TextIdMap): Promise<Catalog> {
  const { collection, catalogUrl } = settings;
  refuseSameFile(settings);
  const { folder, rows } = collection;
  if (rows === null) return openCatalog(catalogUrl);
  if (folder === null) return openDeclared(catalogUrl, rows, keys);
  openHomeFolder(settings.home);
  const { openFolder } = await import('../sources/folder/catalog.js');
  return openFolder({ ...folder, indexFile: catalogUrl }, rows, keys);
}

/** A catalog with the numbers of its text ids. Rows that are not stored yet get numbers for this object only. */
export type ReadOnlyCatalog = Catalog & { keys: TextIdMap };

/**
 * Opens the catalog for a command that only reads: text ids get no number in the store. `readUnread`: a folder that was
 * never read is read first. `rememberKeys`: for a process that asks many times.
 */
export async function openCatalogReadOnly(
  settings: WithCatalog,
  { readUnread = true, rememberKeys = false } = {},
): Promise<ReadOnlyCatalog> {
  let store: Promise<Store | null> | null = null;
  const keys = provisionalKeys(
    () => {
      store ??= openExistingStore(settings);
      return store;
    },
    { remember: rememberKeys },
  );
  const catalog = await openCatalogOf(settings, keys);
  const close = async (): Promise<void> => {
    await catalog.close();
    await (await store)?.close();
  };
  if (readUnread && settings.collection.folder !== null)
    await readFirst(catalog, settings.catalogUrl).catch(async (error: unknown) => {
      await close();
      throw error;
    });
  return { ...catalog, keys, close };
}

/** Reads a folder that was never read here: with an empty index all samples would seem to be gone. */
async function readFirst(catalog: Catalog, indexFile: string): Promise<void> {
  const { readIndexState } = await import('../sources/folder/index.js');
  if (readIndexState(indexFile)?.finished == null) await catalog.refresh?.({});
}
