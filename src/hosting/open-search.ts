import { required, type Settings } from '../config.js';
import type { PlannedGeneration } from '../contract/generation.js';
import { findSample, type NamedSample } from '../domain/find-sample.js';
import type { Store } from '../engines/store.js';
import { usageFault } from '../fault.js';
import type { DailyCap } from '../search/daily-cap.js';
import { type FollowActive, followActive } from '../search/follow-active.js';
import { STORE_KEPT_MB } from '../search/index/open-fast-search.js';
import { queryModel } from '../search/query-vector.js';
import type { SearchParts } from '../search/search-samples.js';
import { openExistingStore } from './existing-store.js';
import { activeGeneration, inGeneration } from './generation-settings.js';
import { openCatalogReadOnly, openProvider, type ReadOnlyCatalog } from './open-parts.js';

export interface OpenSearchOptions {
  /** Columns that hits carry in `fields`, the title first; null: none. */
  columns: readonly string[] | null;
  /** Called with progress while rows stored by older versions are prepared for search. */
  progress?: (done: number, total: number) => void;
  /** Limit of what queries may cost; absent: none. */
  cap?: DailyCap;
  /**
   * For many searches with an index in memory: the store has its own thread and keeps few pages, and text ids are kept
   * in memory. Default false.
   */
  forMany?: boolean;
}

/** What one search works with: the active generation's tables and model. */
export interface GenerationParts extends SearchParts {
  store: Store;
  catalog: ReadOnlyCatalog;
  generation: PlannedGeneration;
  /** The configuration asks for another generation than the active one. */
  isChanged: boolean;
  /** How many generations the store holds. */
  generations: number;
}

/** An open collection, ready to be searched. */
export interface OpenSearch extends FollowActive<GenerationParts> {
  /** Returns what a search of one generation uses, active or not. A usage Fault when it does not exist. */
  partsOf(number: number): Promise<GenerationParts>;
  /** Returns the sample with that id, or in a folder with that path. Throws a NoSuchSample when there is none. */
  find(id: string): Promise<NamedSample>;
  close(): Promise<void>;
}

/** Throws a usage Fault when DATABASE_URL or TURSO_DATABASE_URL is not set, or when nothing is stored yet. */
export async function openSearch(
  settings: Settings,
  { columns, progress, cap, forMany = false }: OpenSearchOptions,
): Promise<OpenSearch> {
  const catalog = await openCatalogReadOnly(required(settings, 'storeUrl', 'catalogUrl'), {
    rememberKeys: forMany,
  });
  const closeCatalog = async (error: unknown): Promise<never> => {
    await catalog.close();
    throw error;
  };
  const store = await openStoreFor(settings, forMany).catch(closeCatalog);
  const look = async (number?: number): Promise<GenerationParts> => {
    const all = await store.generations();
    const { generation, isChanged } = activeGeneration(all, settings, number);
    const own = inGeneration(settings, generation);
    return {
      ...{ generation, isChanged, generations: all.length },
      ...{ store: store.of(generation.number), catalog, keys: catalog.keys },
      ...{ file: own.collection.file, model: queryModel(generation) },
      provider: () => openProvider(required(own, 'apiKey'), 'query'),
      ...(columns !== null && { shown: [...new Set(columns)] }),
      ...(progress && { progress }),
      ...(cap && { cap }),
    };
  };
  const active = await store
    .migrate()
    .then(() => followActive(store, () => look()))
    .catch(async (error: unknown) => {
      await store.close();
      return closeCatalog(error);
    });
  return {
    get parts() {
      return active.parts;
    },
    over: active.over,
    partsOf: look,
    find: (id) => findSample({ catalog, keys: catalog.keys }, id),
    async close() {
      await catalog.close();
      await store.close();
    },
  };
}

/** How long the clients of a server wait for a lock of the store. */
const CLIENTS_WAIT_MS = 5000;
/** How long the store's thread waits for it at a time: meanwhile it answers no other search. */
const LOCK_WAIT_MS = 50;

async function openStoreFor(settings: Settings, forMany: boolean): Promise<Store> {
  const store = await openExistingStore(settings, {
    readOnly: false,
    ownThread: forMany,
    ...(forMany && { keptMb: STORE_KEPT_MB, unpaidDeadlineMs: CLIENTS_WAIT_MS, lockWaitMs: LOCK_WAIT_MS }),
  });
  if (store !== null) return store;
  throw usageFault(
    'there is nothing to search yet: the database of TURSO_DATABASE_URL does not exist; create it with embeddings --all',
  );
}
