import type { Collection } from '../collections/collection.js';
import type { PlannedGeneration } from '../contract/generation.js';
import type { NamedSample } from '../domain/find-sample.js';
import type { FoundSound } from '../sound/find-file.js';
import type { SampleFilter } from '../sources/types.js';
import type { BrowseAnswer, BrowseOptions } from './browse.js';
import type { Facet } from './index/open-fast-search.js';
import type { SampleHit } from './sample-hit.js';
import type { Examples, SearchAnswer, SearchOptions } from './search-samples.js';

/**
 * A collection that is open for many searches. Its methods throw a Fault, whose message says what to do. Searches are
 * queued and throw a SearchQueueFull if the queue is full.
 */
export interface SampleLibrary {
  readonly collection: Collection;
  /** Returns the generation that searches read; another one may become active while the library is open. */
  generation(): PlannedGeneration;
  /** The columns that hits carry in `fields`, the title first: shown columns, then filter columns. */
  readonly columns: readonly string[];
  search(query: string, options: SearchOptions): Promise<SearchAnswer>;
  /** Returns samples that resemble some examples and not others. */
  byExample(examples: Examples, options: Omit<SearchOptions, 'mode'>): Promise<SearchAnswer>;
  /** Returns the samples that match a filter, in order of id, without a query. */
  browse(filter: SampleFilter, options: BrowseOptions): Promise<BrowseAnswer>;
  /** Returns the sample with this id, or with this path in a folder. Throws a usage Fault if there is none. */
  find(id: string): Promise<NamedSample>;
  /** Returns the catalog's values of a sample by its id, also if it has left the catalog. Throws like `find`. */
  sample(id: string): Promise<SampleHit>;
  /** Returns the same for several samples, in that order; `similarity` is null. */
  describe(samples: readonly NamedSample[]): Promise<SampleHit[]>;
  /** Returns the audio file that the catalog names, if it may be read. */
  file(path: string | null): Promise<FoundSound>;
  /**
   * Returns the file's absolute path with all links resolved, without opening it; null if `file` refuses it. A path that
   * is not UTF-8 is a `file:` URL.
   */
  place(path: string | null): Promise<string | null>;
  /** Returns why no sample can be played, as a sentence with the cure; null: samples can be played. */
  whyUnheard(): Promise<string | null>;
  /** Returns filter values with counts, once all is in memory; none if only the database can evaluate the filter. */
  facets(filter: SampleFilter): Promise<Facet[]>;
  status(): Promise<LibraryStatus>;
  spending(): Promise<LibrarySpending>;
  close(): Promise<void>;
}

/** Returns the samples with these ids, in their order. Throws like `find`. */
export const findAll = (
  library: Pick<SampleLibrary, 'find'>,
  ids: readonly (number | string)[],
): Promise<NamedSample[]> => Promise.all(ids.map((id) => library.find(String(id))));

/** Amounts of the ledger, in nanodollars. */
export interface LibrarySpending {
  /** Cost of all runs and searches ever. Null: no attempt has a known cost. */
  allNanos: bigint | null;
  requests: number;
  tokens: number;
  /** Searches of the current day, UTC. */
  searchesToday: { requests: number; costNanos: bigint };
}

export interface LibraryStatus {
  /** Rows of the catalog. */
  samples: number;
  /** Samples with a vector, including those that have left the catalog. */
  stored: number;
  failed: number;
  /** State of the newest run; null: there was none. */
  run: { state: string; reason: string | null; updatedAt: string } | null;
}
