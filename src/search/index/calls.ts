import type { Listed, ListPage } from '../../engines/libsql/search-reads.js';
import type { Readings } from '../../readings/of-columns.js';
import type { SampleFilter } from '../../sources/types.js';
import type { Facet } from './facets.js';
import type { ColumnPage } from './filter-columns.js';

/** Which samples may be found, in the form that the index takes; null: all. */
export type AmongCall = { ids: readonly number[] } | { filter: SampleFilter } | null;

export interface IndexOptions {
  /** URL of the store. */
  url: string;
  authToken?: string;
  /** Generation of the store. */
  generation: number;
  /** Dimensions of a vector. */
  dimensions: number;
  /** How the columns of filters are read. */
  readings: Readings;
  /** Whether filters may use the sample library's own options. */
  isLibrary: boolean;
  /** Where a large index is saved for the next process; absent: it is not saved. */
  kept?: KeptIndex;
}

export interface KeptIndex {
  folder: string;
  /** An index of fewer samples is not saved but loaded from the store each time. Default: 50,000. */
  least?: number;
}

/** The state of the index. */
export interface IndexState {
  /** Whether vectors (and `words`) are searched in memory yet; until then the store answers. */
  vectors: boolean;
  words: boolean;
  /** Whether loading takes only a moment, since it is read from a file, so that a search may wait for it. */
  soon: boolean;
  /** Samples in the index. */
  samples: number;
  /** Whether filters are answered from memory. */
  filters: boolean;
  /** Texts loaded so far; words are searched in memory once all are loaded. */
  texts: number;
  /** Approximate bytes of memory. */
  bytes: number;
  /** Why the last look at the store failed; it is repeated. Absent: it succeeded. */
  error?: string;
}

export interface WordMatch {
  sampleId: number;
  bm25: number;
}

/** The calls of a search to the index. It may run on its own thread, so all arguments and results are copied. */
export interface IndexCalls {
  /** Returns the ids of the `count` samples nearest to a float32 vector by signature, including the truly nearest. */
  nearest(vector: Uint8Array, options: { count: number; among: AmongCall }): Promise<number[]>;
  /** Returns the ids of up to `count` samples, spread evenly over all ids. */
  spread(count: number): Promise<number[]>;
  matching(expression: string, options: { limit: number; among: AmongCall }): Promise<WordMatch[]>;
  frequencies(expressions: readonly string[]): Promise<number[]>;
  matchesAmong(expressions: readonly string[], ids: readonly number[]): Promise<number[][]>;
  /**
   * Loads rows of the catalog for filters. `first` starts a new set of pages; `last` replaces the old columns by it.
   */
  takeRows(page: ColumnPage, at: { first: boolean; last: boolean }): Promise<void>;
  /** Returns how many samples of the catalog match; null: only the database can evaluate the filter. */
  countFitting(filter: SampleFilter): Promise<number | null>;
  /** Returns column values over the stored samples that match; null: only the database can evaluate the filter. */
  facets(filter: SampleFilter): Promise<Facet[] | null>;
  /** Like SearchReads.listed. */
  listed(among: AmongCall, page: ListPage): Promise<Listed>;
  /** Checks the store for changes and applies them. `now`: also if no check is due yet. */
  refresh(options: { now: boolean }): Promise<void>;
  state(): Promise<IndexState>;
  close(): Promise<void>;
}
