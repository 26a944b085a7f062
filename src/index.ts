/**
 * The library: search from your own program, such as a web backend. It reads no environment and no `.env`, and never
 * ends the process; on failure it throws an Error whose message says what to do.
 */

import { LIBRARY_FILTERS } from './collections/library-text.js';
import { chooseGeneration, nameOfGeneration } from './domain/choose-generation.js';
import { openStore } from './engines/libsql/index.js';
import { usageFault } from './fault.js';
import { createOpenRouter } from './providers/openrouter.js';
import { followActive } from './search/follow-active.js';
import { openFastSearch, STORE_KEPT_MB } from './search/index/open-fast-search.js';
import { queryModel } from './search/query-vector.js';
import type { SearchMode } from './search/rank.js';
import type { SampleHit as AnyHit } from './search/sample-hit.js';
import { createSearchQueue, SearchQueueFull } from './search/search-queue.js';
import { searchSimilar, searchText } from './search/search-samples.js';
import { openCatalog } from './sources/index.js';
import type { SampleFilter } from './sources/types.js';

export type { SampleFilter, SearchMode };
/** Thrown if the queue of waiting searches is full: a server answers 503. */
export { SearchQueueFull };

/** One sample that was found. */
export type SampleHit = Omit<AnyHit, 'sample_id' | 'fields'> & { sample_id: number };

export interface SearchConnection {
  /** As TURSO_DATABASE_URL: `libsql://`, `https://` or `file:`. */
  storeUrl: string;
  storeToken?: string;
  /** As DATABASE_URL: PostgreSQL or SQLite; only read. */
  catalogUrl: string;
  /** As OPENROUTER_API_KEY. Needed if a query must be bought: not in mode `text`, and not for a query bought before. */
  apiKey?: string;
  /** Default `https://openrouter.ai/api/v1`. */
  baseUrl?: string;
  /** Default: the model of the active generation. Throws if it is another. */
  model?: string;
  /** Numbers in a stored vector; default: those of the active generation. */
  dimensions?: number;
  /**
   * Default true: the search index is read into memory in the background, on a separate thread, about 1 KB a sample of
   * 1,536 numbers; until then, and with false, the store answers each search.
   */
  inMemory?: boolean;
  /**
   * A folder for a copy of the index in memory, kept from 50,000 samples on. The next process reads the copy, and from
   * the store only what has changed. The copy holds the words of the texts. Default: none.
   */
  indexFolder?: string;
}

export interface SearchOptions {
  /** Default `hybrid`: by meaning and words. */
  mode?: SearchMode;
  /** 1 to 1,000, default 10. */
  limit?: number;
  /** −1 to 1: leaves out samples that are less similar. */
  minSimilarity?: number;
  filter?: SampleFilter;
  /** Ends the search, which throws the signal's reason; a search that is still waiting never starts. */
  signal?: AbortSignal;
}

export interface SampleSearch {
  /** Returns the samples that a text describes, best first; an empty list if nothing fits. */
  search(query: string, options?: SearchOptions): Promise<SampleHit[]>;
  /** Returns the samples nearest to this one. */
  similar(sampleId: number, options?: Omit<SearchOptions, 'mode'>): Promise<SampleHit[]>;
  /** Resolves once the index is in memory, or cannot be; at once with `inMemory: false`. Searches do not need it. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

const MOST_HITS = 1000;

/** Opens store and catalog for many searches, the store on a separate thread. Close it when done. */
export async function openSampleSearch(connection: SearchConnection): Promise<SampleSearch> {
  const { storeUrl, storeToken, catalogUrl, apiKey, baseUrl = 'https://openrouter.ai/api/v1' } = connection;
  const {
    model = 'openai/text-embedding-3-small',
    dimensions = 1536,
    inMemory = true,
    indexFolder,
  } = connection;
  const catalog = await openCatalog(catalogUrl);
  const store = await openStore({
    url: storeUrl,
    ownThread: true,
    ...(inMemory && { keptMb: STORE_KEPT_MB }),
    ...(storeToken !== undefined && { authToken: storeToken }),
  }).catch(async (error: unknown) => {
    await catalog.close();
    throw error;
  });
  const collection = { rows: null, filters: LIBRARY_FILTERS };
  const look = async () => {
    const asked = { model, dimensions, document: {}, query: {}, template: null };
    const choice = chooseGeneration(await store.generations(), asked);
    const generation = choice.kind === 'there' ? choice.generation : choice.active;
    const isOther = connection.model !== undefined && generation.recipe.model !== model;
    if (isOther || (connection.dimensions !== undefined && generation.dimensions !== dimensions))
      throw usageFault(
        `the active generation ${generation.number} is of ${nameOfGeneration(generation)}, not of ${model} with ${dimensions}: leave model and dimensions out, or switch with embeddings model switch`,
      );
    const own = store.of(generation.number);
    return {
      generation,
      store: own,
      catalog,
      provider: () => createOpenRouter({ apiKey: apiKey ?? null, baseUrl }),
      model: queryModel(generation),
      file: 'file_path',
      ...(inMemory && {
        index: openFastSearch({
          ...{ store: own, catalog, collection, storeUrl },
          ...{ generation: generation.number, dimensions: generation.dimensions },
          ...(storeToken !== undefined && { storeToken }),
          ...(indexFolder !== undefined && { kept: { folder: indexFolder } }),
        }),
      }),
    };
  };
  const closing: Promise<void>[] = [];
  const active = await store
    .migrate()
    .then(() =>
      followActive(store, look, ({ index }) => void closing.push(index?.close() ?? Promise.resolve())),
    )
    .catch(async (error: unknown) => {
      await catalog.close();
      await store.close();
      throw error;
    });
  const queue = createSearchQueue();
  return {
    search: async (query, { limit = 10, mode = 'hybrid', ...options } = {}) => {
      checkLimit(limit);
      const { hits } = await queue(options.signal, (aside) =>
        active.over((parts) => searchText({ ...parts, aside }, query, { ...options, mode, limit })),
      );
      return numbered(hits);
    },
    similar: async (sampleId, { limit = 10, ...options } = {}) => {
      checkLimit(limit);
      const { hits } = await queue(options.signal, (aside) =>
        active.over((parts) => searchSimilar({ ...parts, aside }, sampleId, { ...options, limit })),
      );
      return numbered(hits);
    },
    ready: async () => active.parts.index?.loaded(),
    async close() {
      await Promise.all([...closing, active.parts.index?.close()]);
      await catalog.close();
      await store.close();
    },
  };
}

function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_HITS)
    throw usageFault(`limit must be an integer from 1 to ${MOST_HITS.toLocaleString('en')}, got ${limit}`);
}

/** Runs one search: opens, searches, closes. For many, use `openSampleSearch`. */
export async function searchSamples(
  query: string,
  { mode, limit, minSimilarity, filter, signal, ...connection }: SearchConnection & SearchOptions,
): Promise<SampleHit[]> {
  const search = await openSampleSearch({ ...connection, inMemory: false });
  try {
    return await search.search(query, {
      ...(mode !== undefined && { mode }),
      ...(limit !== undefined && { limit }),
      ...(minSimilarity !== undefined && { minSimilarity }),
      ...(filter !== undefined && { filter }),
      ...(signal !== undefined && { signal }),
    });
  } finally {
    await search.close();
  }
}

/** The sample library's ids are numbers. */
const numbered = (hits: readonly AnyHit[]): SampleHit[] =>
  hits.map(({ sample_id: id, fields, ...hit }) => ({ ...hit, sample_id: Number(id) }));
