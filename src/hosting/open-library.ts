import { required, type Settings } from '../config.js';
import { findSample } from '../domain/find-sample.js';
import type { Store } from '../engines/store.js';
import { usageFault } from '../fault.js';
import { countFacets } from '../search/facets.js';
import { openFastSearch } from '../search/index/open-fast-search.js';
import type { SampleLibrary } from '../search/library.js';
import { type SearchParts, searchExamples, searchText } from '../search/open-search.js';
import { type DailyCap, queryModel } from '../search/query-vector.js';
import { describeSamples } from '../search/sample-hit.js';
import { candidatesOf } from '../sound/candidates.js';
import { findSound } from '../sound/find-file.js';
import { refusal } from '../sound/refusal.js';
import type { Catalog } from '../sources/types.js';
import { openExistingStore } from './existing-store.js';
import { lookAtCatalog, openProvider } from './open-parts.js';

export interface OpenLibraryOptions {
  /** Told while rows that were stored before search was there are prepared for it. */
  progress?: (done: number, total: number) => void;
  /** What queries may cost; absent: anything. */
  cap?: DailyCap;
  /** Called before the file of a path is looked for. */
  makeSound?: (path: string) => Promise<void>;
}

/**
 * Opens the settings' collection for many searches, the store on a thread of its own. Throws a usage Fault where DATABASE_URL
 * or TURSO_DATABASE_URL is not set, or where nothing is stored yet.
 */
export async function openLibrary(
  settings: Settings,
  { progress, cap, makeSound }: OpenLibraryOptions = {},
): Promise<SampleLibrary> {
  const catalog = await lookAtCatalog(required(settings, 'storeUrl', 'catalogUrl'));
  const store = await openStoreFor(settings).catch(async (error: unknown) => {
    await catalog.close();
    throw error;
  });
  const { collection, soundRoots } = settings;
  const columns = [...new Set([...collection.shown, ...collection.filters])];
  const { storeUrl, storeToken } = required(settings, 'storeUrl');
  const index = openFastSearch({
    ...{ store, catalog, collection, storeUrl, dimensions: collection.model.dimensions },
    ...(storeToken != null && { storeToken }),
  });
  const parts: SearchParts = {
    ...{ index, store, catalog, shown: columns, file: collection.file, model: queryModel(collection) },
    provider: () => openProvider(required(settings, 'apiKey'), 'query'),
    ...(progress && { progress }),
    ...(cap && { cap }),
  };
  return {
    ...{ collection, columns },
    search: (query, options) => searchText(parts, query, options),
    byExample: (examples, options) => searchExamples(parts, examples, options),
    find: (id) => findSample({ catalog, keys: catalog.keys }, id),
    describe: (samples) =>
      describeSamples(
        parts,
        samples.map(({ number }) => ({ sampleId: number, similarity: null, score: 0 })),
      ),
    async file(path) {
      if (path !== null) await makeSound?.(path);
      return findSound(path, soundRoots);
    },
    place: (path) => (path === null ? null : (candidatesOf(path, soundRoots)[0] ?? null)),
    silence: () => whySilent(catalog, settings),
    facets: async (filter) => (await index.facets(filter)) ?? countFacets(catalog, collection, filter),
    async status() {
      const [samples, stored, failed, run] = await Promise.all([
        catalog.count(),
        store.countVectors(),
        store.countFailures(),
        store.latestRun(),
      ]);
      const latest = run && { state: run.state, reason: run.reason, updatedAt: run.updatedAt };
      return { samples, stored, failed, run: latest };
    },
    async spending() {
      const today = new Date().toISOString().slice(0, 10);
      const [usage, searchesToday] = await Promise.all([
        store.usage('model', { limit: 1 }),
        store.searchSpending(`${today}T00:00:00.000Z`),
      ]);
      const { costNanos = 0n, requests = 0, tokens = 0 } = usage?.total ?? {};
      return { allNanos: costNanos, requests, tokens, searchesToday };
    },
    async close() {
      await index.close();
      await catalog.close();
      await store.close();
    },
  };
}

/** Rows that tell whether the catalog names files at all. */
const LOOKED_AT = 100;

async function whySilent(
  catalog: Pick<Catalog, 'readPage'>,
  { collection, soundRoots }: Settings,
): Promise<string | null> {
  const { file, name } = collection;
  if (file === null)
    return `The collection ${name} names no audio files: say which column holds their paths, by "file:" in embeddings.config.yaml.`;
  const rows = await catalog.readPage({ after: null, limit: LOOKED_AT, columns: [file] });
  if (rows.length > 0 && rows.every((row) => row[file] === undefined))
    return `The catalog names no audio files: it has no column ${file}.`;
  return soundRoots.folders.length === 0 ? refusal('no-root').sentence : null;
}

async function openStoreFor(settings: Settings): Promise<Store> {
  const store = await openExistingStore(settings, { readOnly: false, ownThread: true });
  if (store !== null) return store;
  throw usageFault(
    'there is nothing to search yet: TURSO_DATABASE_URL is not there; make it with embeddings --all',
  );
}
