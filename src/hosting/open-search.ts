import { required, type Settings } from '../config.js';
import { findSample, type NamedSample } from '../domain/find-sample.js';
import type { Store } from '../engines/store.js';
import { usageFault } from '../fault.js';
import { STORE_KEPT_MB } from '../search/index/open-fast-search.js';
import { type DailyCap, queryModel } from '../search/query-vector.js';
import type { SearchParts } from '../search/search-samples.js';
import { openExistingStore } from './existing-store.js';
import { type LookedAtCatalog, lookAtCatalog, openProvider } from './open-parts.js';

export interface OpenSearchOptions {
  /** Columns that hits carry in `fields`, the title first; null: none. */
  columns: readonly string[] | null;
  /** Told while rows that were stored before search was there are prepared for it. */
  progress?: (done: number, total: number) => void;
  /** What queries may cost; absent: anything. */
  cap?: DailyCap;
  /**
   * For many searches, beside an index in memory: the store on a thread of its own, which keeps few pages; ids that are text
   * are kept in memory. Default false.
   */
  forMany?: boolean;
}

/** What a search of the settings' collection needs, open. */
export interface OpenSearch {
  parts: SearchParts & { store: Store; catalog: LookedAtCatalog };
  /** The sample that an id, or in a folder a path, names. Throws a NoSuchSample where there is none. */
  find(id: string): Promise<NamedSample>;
  close(): Promise<void>;
}

/** Throws a usage Fault where DATABASE_URL or TURSO_DATABASE_URL is not set, or where nothing is stored yet. */
export async function openSearch(
  settings: Settings,
  { columns, progress, cap, forMany = false }: OpenSearchOptions,
): Promise<OpenSearch> {
  const catalog = await lookAtCatalog(required(settings, 'storeUrl', 'catalogUrl'), {
    rememberKeys: forMany,
  });
  const store = await openStoreFor(settings, forMany).catch(async (error: unknown) => {
    await catalog.close();
    throw error;
  });
  const { collection } = settings;
  return {
    parts: {
      ...{ store, catalog, keys: catalog.keys, file: collection.file, model: queryModel(collection) },
      provider: () => openProvider(required(settings, 'apiKey'), 'query'),
      ...(columns !== null && { shown: [...new Set(columns)] }),
      ...(progress && { progress }),
      ...(cap && { cap }),
    },
    find: (id) => findSample({ catalog, keys: catalog.keys }, id),
    async close() {
      await catalog.close();
      await store.close();
    },
  };
}

async function openStoreFor(settings: Settings, forMany: boolean): Promise<Store> {
  const store = await openExistingStore(settings, {
    readOnly: false,
    ownThread: forMany,
    ...(forMany && { keptMb: STORE_KEPT_MB }),
  });
  if (store !== null) return store;
  throw usageFault(
    'there is nothing to search yet: TURSO_DATABASE_URL is not there; make it with embeddings --all',
  );
}
