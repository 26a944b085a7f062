import type { Collection } from '../../collections/collection.js';
import type { Store } from '../../engines/store.js';
import type { Catalog, SampleFilter } from '../../sources/types.js';
import type { IndexCalls, IndexOptions, IndexState, KeptIndex } from './calls.js';
import { followColumns } from './catalog-columns.js';
import type { Facet } from './facets.js';
import { type FoundAmong, fastReads, type SampleReads } from './fast-reads.js';
import { openSampleIndex } from './sample-index.js';
import { hasThread, openIndexOnThread } from './thread/on-thread.js';

export type { Facet } from './facets.js';
export type { FoundAmong, SampleReads } from './fast-reads.js';

/** For `keptMb` of a store beside the index: what each search reads of it are vectors, and others each time. */
export const STORE_KEPT_MB = 8;
/** How often store and catalog are asked whether they have changed, in ms; servers are asked less often. */
const LOOK_EVERY = 2000;
/** Of the sample library: JSON of a kilobyte each, which the database may search. */
const LONG_COLUMNS = ['characteristics'];

export interface FastSearchParts {
  store: Pick<Store, keyof SampleReads>;
  catalog: Pick<Catalog, 'readPage' | 'findIds' | 'changeMark' | 'dialect'>;
  /** Whose catalog and store they are. */
  collection: Pick<Collection, 'rows' | 'filters'>;
  /** As the store was opened. */
  storeUrl: string;
  storeToken?: string;
  /** Which of the store's generations; `store` reads the same. */
  generation: number;
  /** Numbers of a vector. */
  dimensions: number;
  /** Where a large index is kept for the next process; absent: nowhere. */
  kept?: KeptIndex;
}

/** Search from memory, for a process that lives for many searches. */
export interface FastSearch {
  /** As the store's own reads, with the same results; what is not loaded yet the store answers. */
  reads: SampleReads<FoundAmong>;
  /** The same for one search, which the signal ends: what has not begun is not done, and throws its reason. */
  readsUntil(signal: AbortSignal | undefined): SampleReads<FoundAmong>;
  /** As Catalog.findIds, for `among` of `reads`: `length` is how many samples of the catalog fit. Throws as it does. */
  idsThatFit(filter: SampleFilter): Promise<FoundAmong>;
  /**
   * What the samples that can be found and fit hold in each filter's column; null while that is not loaded, or where only
   * the database can say which fit.
   */
  facets(filter: SampleFilter): Promise<Facet[] | null>;
  /** How many samples it knows; null: it is not loaded, and will not be in a moment. */
  samples(): Promise<number | null>;
  /** Looks whether store and catalog have changed now, and takes that in; it looks by itself every two seconds. */
  refresh(): Promise<void>;
  /** `loaded`: whether all is in memory. */
  state(): IndexState & { loaded: boolean };
  /** Resolves once all is in memory; where that cannot be, `state().error` says why, and the store answers. */
  loaded(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens an index of the store in memory and begins to load it, on a thread of its own where the program is compiled. It
 * never writes to the store, and follows store and catalog as they change. Store and catalog stay the caller's, to be
 * closed after it.
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
  /** The store answers from then on. */
  const ended = (error: Error): void => {
    tell({ ...state, vectors: false, words: false, filters: false, soon: false, error: error.message });
  };
  const index = open(
    {
      ...{
        url: storeUrl,
        generation,
        dimensions,
        dialect: catalog.dialect,
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
    // The catalog is read on this thread: not while a first search waits for what is there in a moment.
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
      // Whoever still waits for it asks the store.
      settle();
    },
  };
}

const open = (
  options: IndexOptions,
  on: { tell: (state: IndexState) => void; ended: (error: Error) => void },
): IndexCalls => (hasThread() ? openIndexOnThread(options, on) : openSampleIndex(options, on.tell));
