import type { Collection } from '../../collections/collection.js';
import type { Store } from '../../engines/store.js';
import { readingsOf } from '../../readings/of-columns.js';
import type { Catalog, SampleFilter } from '../../sources/types.js';
import type { IndexCalls, IndexOptions, IndexState, KeptIndex } from './calls.js';
import { followColumns } from './catalog-columns.js';
import type { Facet } from './facets.js';
import { type FoundAmong, fastReads, type SampleReads } from './fast-reads.js';
import { openSampleIndex } from './sample-index.js';
import { hasThread, openIndexOnThread } from './thread/on-thread.js';

export type { Facet } from './facets.js';
export type { FoundAmong, SampleReads } from './fast-reads.js';

/** `keptMb` of a store beside the index. Small, since each search reads only vectors, and different ones. */
export const STORE_KEPT_MB = 8;
/** Milliseconds between two checks of store and catalog for changes; servers are checked less often. */
const LOOK_EVERY = 2000;
/** Columns of the sample library with about a kilobyte of JSON each; filters on them are left to the database. */
const LONG_COLUMNS = ['characteristics'];

export interface FastSearchParts {
  store: Pick<Store, keyof SampleReads>;
  catalog: Pick<Catalog, 'readPage' | 'findIds' | 'changeMark'>;
  /** The collection of this catalog and store. */
  collection: Pick<Collection, 'rows' | 'filters'>;
  /** The URL that the store was opened with. */
  storeUrl: string;
  storeToken?: string;
  /** The generation to read; `store` must read the same one. */
  generation: number;
  /** Dimensions of a vector. */
  dimensions: number;
  /** Where a large index is saved for the next process; absent: it is not saved. */
  kept?: KeptIndex;
}

/** Search from memory, for a process that serves many searches. */
export interface FastSearch {
  /** Has the same results as the store's own reads. The store answers while data is not loaded yet. */
  reads: SampleReads<FoundAmong>;
  /** Returns the same reads for one search. After an abort, reads that have not begun throw the signal's reason. */
  readsUntil(signal: AbortSignal | undefined): SampleReads<FoundAmong>;
  /** Like Catalog.findIds, for `among` of `reads`: `length` is the number of matching samples. Throws like it. */
  idsThatFit(filter: SampleFilter): Promise<FoundAmong>;
  /**
   * Returns the values of each filter column over the stored samples that match. Null while columns are not loaded, or
   * if only the database can evaluate the filter.
   */
  facets(filter: SampleFilter): Promise<Facet[] | null>;
  /** Returns the number of samples in the index; null: it is not loaded and will not be soon. */
  samples(): Promise<number | null>;
  /** Checks store and catalog for changes now and applies them. Without a call this happens every two seconds. */
  refresh(): Promise<void>;
  /** Returns the state. `loaded`: whether everything is in memory. */
  state(): IndexState & { loaded: boolean };
  /** Resolves once everything is in memory, or loading failed: then `state().error` is set and the store answers. */
  loaded(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens an index of the store in memory and starts to load it, on its own thread if the program is compiled. It never
 * writes to the store, and follows changes of store and catalog. The caller owns both and closes them after the index.
 */
export function openFastSearch(parts: FastSearchParts): FastSearch {
  const { store, catalog, collection, storeUrl, storeToken, generation, dimensions, kept } = parts;
  let state: IndexState = {
    ...{ vectors: false, words: false, filters: false, soon: kept !== undefined },
    ...{ samples: 0, texts: 0, bytes: 0 },
  };
  let settle = (): void => undefined;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const tell = (now: IndexState): void => {
    state = now;
    if (!now.soon) settle();
  };
  if (!state.soon) settle();
  /** Marks everything as not loaded, so that the store answers from then on. */
  const ended = (error: Error): void => {
    tell({ ...state, vectors: false, words: false, filters: false, soon: false, error: error.message });
  };
  const index = open(
    {
      ...{
        url: storeUrl,
        generation,
        dimensions,
        readings: readingsOf(collection.rows),
        isLibrary: collection.rows === null,
      },
      ...(storeToken !== undefined && { authToken: storeToken }),
      ...(kept !== undefined && { kept }),
    },
    { tell, ended },
  );
  const names = collection.filters.filter((name) => name !== 'id' && !LONG_COLUMNS.includes(name));
  const columns = followColumns({ catalog, index, names });
  const look = async (now: boolean): Promise<void> => {
    // The catalog is read on this thread, so this starts only when the first search no longer waits for the index.
    const followed = settled.then(() => columns.follow());
    await Promise.all([index.refresh({ now }).catch(() => undefined), followed]);
  };
  const timer = setInterval(() => void look(false), LOOK_EVERY);
  timer.unref();
  const begun = look(false);

  const readsUntil = (signal?: AbortSignal) =>
    fastReads({ store, catalog, index, dimensions, state: () => state, settled, signal });

  return {
    reads: readsUntil(),
    readsUntil,
    async idsThatFit(filter) {
      const length = state.filters ? await index.countFitting(filter).catch(() => null) : null;
      return length === null ? catalog.findIds(filter) : { length, filter };
    },
    async samples() {
      await settled;
      return state.vectors ? state.samples : null;
    },
    facets: async (filter) => (state.filters && state.vectors ? index.facets(filter) : null),
    refresh: () => look(true),
    state: () => ({ ...state, loaded: state.vectors && state.words && state.filters }),
    loaded: () => begun,
    async close() {
      clearInterval(timer);
      columns.close();
      await index.close();
      // Searches that still wait for the index then use the store.
      settle();
    },
  };
}

const open = (
  options: IndexOptions,
  on: { tell: (state: IndexState) => void; ended: (error: Error) => void },
): IndexCalls => (hasThread() ? openIndexOnThread(options, on) : openSampleIndex(options, on.tell));
