import type { Listed, ListPage } from '../../engines/libsql/search-reads.js';
import type { SampleFilter } from '../../sources/types.js';
import type { Facet } from './facets.js';
import type { ColumnPage, Dialect } from './filter-columns.js';

/** Which samples may be found, as it is told to the index; null: all. */
export type AmongCall = { ids: readonly number[] } | { filter: SampleFilter } | null;

export interface IndexOptions {
  /** Of the store. */
  url: string;
  authToken?: string;
  /** Which of its generations. */
  generation: number;
  /** Numbers of a vector. */
  dimensions: number;
  /** How the catalog's database compares. */
  dialect: Dialect;
  /** Whether filters may have the sample library's own options. */
  isLibrary: boolean;
  /** Where a large index is kept for the next process; absent: nowhere. */
  kept?: KeptIndex;
}

export interface KeptIndex {
  folder: string;
  /** An index of fewer samples is not kept, but read anew each time; default 50,000. */
  least?: number;
}

/** What the index is doing. */
export interface IndexState {
  /** Whether vectors are searched in memory yet; until then, and for words, the store answers. */
  vectors: boolean;
  words: boolean;
  /** Whether that is a matter of a moment, so that a search may wait for it: it is read from a file. */
  soon: boolean;
  /** Samples that it knows. */
  samples: number;
  /** Whether filters are answered from memory. */
  filters: boolean;
  /** Texts that are read; all of them: words are searched in memory. */
  texts: number;
  /** That it takes, about. */
  bytes: number;
  /** Why the last look at the store failed; it is looked again. Absent: it did not. */
  error?: string;
}

export interface WordMatch {
  sampleId: number;
  bm25: number;
}

/** What a search asks of the index, which may be on a thread of its own: everything is copied. */
export interface IndexCalls {
  /** Ids of the `count` samples nearest to a vector of float32, by their signatures; the nearest of all is among them. */
  nearest(vector: Uint8Array, options: { count: number; among: AmongCall }): Promise<number[]>;
  /** Ids of up to `count` samples that have vectors, spread over all. */
  spread(count: number): Promise<number[]>;
  matching(expression: string, options: { limit: number; among: AmongCall }): Promise<WordMatch[]>;
  frequencies(expressions: readonly string[]): Promise<number[]>;
  matchesAmong(expressions: readonly string[], ids: readonly number[]): Promise<number[][]>;
  /**
   * Rows of the catalog for filters: `first` begins anew, `last` puts what came since in the place of what was there.
   */
  takeRows(page: ColumnPage, at: { first: boolean; last: boolean }): Promise<void>;
  /** How many samples of the catalog fit; null: only the database can say. */
  countFitting(filter: SampleFilter): Promise<number | null>;
  /** What the samples that can be found and fit hold in each column; null: only the database can say which fit. */
  facets(filter: SampleFilter): Promise<Facet[] | null>;
  /** As SearchReads.listed. */
  listed(among: AmongCall, page: ListPage): Promise<Listed>;
  /** Looks whether the store has changed, and takes that in. `now`: also where a look would not be due yet. */
  refresh(options: { now: boolean }): Promise<void>;
  state(): Promise<IndexState>;
  close(): Promise<void>;
}
