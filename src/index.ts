/**
 * The library: searching from a program of your own, like a web backend. It reads no environment and no `.env`, and
 * ends no process; whatever is wrong is thrown, as an Error whose message says what to do.
 */

import { openStore } from './engines/libsql/index.js';
import { createOpenRouter } from './providers/openrouter.js';
import { searchSimilar, searchText } from './search/open-search.js';
import type { SearchMode } from './search/rank.js';
import type { SampleHit as AnyHit } from './search/sample-hit.js';
import { openCatalog } from './sources/index.js';
import type { SampleFilter } from './sources/types.js';

export type { SampleFilter, SearchMode };

/** One sample that was found, best first. */
export type SampleHit = Omit<AnyHit, 'sample_id' | 'fields'> & { sample_id: number };

export interface SearchConnection {
  /** As TURSO_DATABASE_URL: `libsql://`, `https://` or `file:`. */
  storeUrl: string;
  storeToken?: string;
  /** As DATABASE_URL: PostgreSQL or SQLite; only read. */
  catalogUrl: string;
  /** As OPENROUTER_API_KEY. Needed where a query must be bought: not in mode `text`, and not for one asked before. */
  apiKey?: string;
  /** Default `https://openrouter.ai/api/v1`. */
  baseUrl?: string;
  /** Default `openai/text-embedding-3-small`: the model of the stored vectors. */
  model?: string;
  /** Default 1536: numbers in a stored vector. */
  dimensions?: number;
}

export interface SearchOptions {
  /** Default `hybrid`: by meaning and words. */
  mode?: SearchMode;
  /** Default 10. */
  limit?: number;
  /** −1 to 1: leaves out what is less similar. */
  minSimilarity?: number;
  filter?: SampleFilter;
}

export interface SampleSearch {
  /** The samples that a text describes, best first; an empty list where nothing fits. */
  search(query: string, options?: SearchOptions): Promise<SampleHit[]>;
  /** The samples nearest to one of them. */
  similar(sampleId: number, options?: Omit<SearchOptions, 'mode'>): Promise<SampleHit[]>;
  close(): Promise<void>;
}

/** Keeps store and catalog open for many searches. Close it when done. */
export async function openSampleSearch(connection: SearchConnection): Promise<SampleSearch> {
  const { storeUrl, storeToken, catalogUrl, apiKey, baseUrl = 'https://openrouter.ai/api/v1' } = connection;
  const { model = 'openai/text-embedding-3-small', dimensions = 1536 } = connection;
  const catalog = await openCatalog(catalogUrl);
  const store = await openStore({
    url: storeUrl,
    ...(storeToken !== undefined && { authToken: storeToken }),
  }).catch(async (error: unknown) => {
    await catalog.close();
    throw error;
  });
  const parts = {
    store,
    catalog,
    provider: () => createOpenRouter({ apiKey: apiKey ?? null, baseUrl }),
    model: { model, dimensions, prefix: '', inputType: null },
    file: 'file_path',
  };
  return {
    search: async (query, options = {}) =>
      numbered((await searchText(parts, query, { mode: 'hybrid', limit: 10, ...options })).hits),
    similar: async (sampleId, options = {}) =>
      numbered((await searchSimilar(parts, sampleId, { limit: 10, ...options })).hits),
    async close() {
      await catalog.close();
      await store.close();
    },
  };
}

/** One search: opens, asks, closes. For many, `openSampleSearch`. */
export async function searchSamples(
  query: string,
  { mode, limit, minSimilarity, filter, ...connection }: SearchConnection & SearchOptions,
): Promise<SampleHit[]> {
  const search = await openSampleSearch(connection);
  try {
    return await search.search(query, {
      ...(mode !== undefined && { mode }),
      ...(limit !== undefined && { limit }),
      ...(minSimilarity !== undefined && { minSimilarity }),
      ...(filter !== undefined && { filter }),
    });
  } finally {
    await search.close();
  }
}

/** The sample library's ids are numbers. */
const numbered = (hits: readonly AnyHit[]): SampleHit[] =>
  hits.map(({ sample_id: id, fields, ...hit }) => ({ ...hit, sample_id: Number(id) }));
