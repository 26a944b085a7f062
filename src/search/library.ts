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
 * A collection that is open for many searches. Its methods throw a Fault, whose sentence says what to do; those that search
 * wait for their turn, and throw a SearchQueueFull where as many wait as may.
 */
export interface SampleLibrary {
  readonly collection: Collection;
  /** The generation that searches read; another one may become active while the library is open. */
  generation(): PlannedGeneration;
  /** The columns that hits carry in `fields`, the title first: those shown, then those to choose by. */
  readonly columns: readonly string[];
  search(query: string, options: SearchOptions): Promise<SearchAnswer>;
  /** Samples like some and unlike others. */
  byExample(examples: Examples, options: Omit<SearchOptions, 'mode'>): Promise<SearchAnswer>;
  /** The samples that fit a filter, in order of id, without any query. */
  browse(filter: SampleFilter, options: BrowseOptions): Promise<BrowseAnswer>;
  /** The sample that an id, or in a folder a path, names. A usage Fault where there is none. */
  find(id: string): Promise<NamedSample>;
  /** What the catalog says of a sample today, by its id; also where it has left it. Throws as `find` does. */
  sample(id: string): Promise<SampleHit>;
  /** The same of several, in that order; `similarity` is null. */
  describe(samples: readonly NamedSample[]): Promise<SampleHit[]>;
  /** The audio file that the catalog names, where it may be read. */
  file(path: string | null): Promise<FoundSound>;
  /** Where that file lies, as an absolute path with all links followed; it is not opened. Null where `file` refuses it. */
  place(path: string | null): Promise<string | null>;
  /** Why no sample can be heard, as a sentence with the cure; null: they can. */
  whyUnheard(): Promise<string | null>;
  /** What there is to choose by, with counts, as soon as all is in memory; none where only the database can say what fits. */
  facets(filter: SampleFilter): Promise<Facet[]>;
  status(): Promise<LibraryStatus>;
  spending(): Promise<LibrarySpending>;
  close(): Promise<void>;
}

/** The samples that these ids name, in their order. Throws as `find` does. */
export const findAll = (
  library: Pick<SampleLibrary, 'find'>,
  ids: readonly (number | string)[],
): Promise<NamedSample[]> => Promise.all(ids.map((id) => library.find(String(id))));

/** In nanodollars, as the ledger has them. */
export interface LibrarySpending {
  /** Runs and searches, ever. Null: of no attempt the cost is known. */
  allNanos: bigint | null;
  requests: number;
  tokens: number;
  /** Searches of this day, UTC. */
  searchesToday: { requests: number; costNanos: bigint };
}

export interface LibraryStatus {
  /** Rows of the catalog. */
  samples: number;
  /** Of them, or of what has left it, with a vector. */
  stored: number;
  failed: number;
  /** How the newest run stands; null: there was none. */
  run: { state: string; reason: string | null; updatedAt: string } | null;
}
