import type { Store } from '../../engines/store.js';
import { exactlyCompared } from '../candidates.js';
import type { RankReads } from '../rank.js';
import type { IndexCalls, IndexOptions, IndexState } from './calls.js';
import { openSampleIndex } from './sample-index.js';
import { hasThread, openIndexOnThread } from './thread/on-thread.js';

/** How often the store is asked whether it has changed, in ms; a server is asked less often. */
const LOOK_EVERY = 2000;

export interface FastSearchParts {
  store: Pick<Store, keyof RankReads>;
  /** As the store was opened. */
  storeUrl: string;
  storeToken?: string;
  /** Numbers of a vector. */
  dimensions: number;
}

/** Search from memory, for a process that lives for many searches. */
export interface FastSearch {
  /** As the store's own reads, with the same results; what is not loaded yet the store answers. */
  reads: RankReads;
  /** Looks whether the store has changed now, and takes that in; it looks by itself every two seconds. */
  refresh(): Promise<void>;
  /** `loaded`: whether all is in memory. */
  state(): IndexState & { loaded: boolean };
  /** Resolves once all is in memory, or cannot be. */
  loaded(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens an index of the store in memory and begins to load it, on a thread of its own where the program is compiled. It
 * never writes to the store.
 */
export function openFastSearch({ store, storeUrl, storeToken, dimensions }: FastSearchParts): FastSearch {
  let state: IndexState = { vectors: false, words: false, samples: 0, texts: 0, bytes: 0 };
  const tell = (now: IndexState): void => {
    state = now;
  };
  /** The store answers from then on. */
  const ended = (error: Error): void => {
    state = { ...state, vectors: false, words: false, error: error.message };
  };
  const index = open(
    { url: storeUrl, dimensions, ...(storeToken !== undefined && { authToken: storeToken }) },
    { tell, ended },
  );
  const timer = setInterval(() => void index.refresh({ now: false }).catch(() => undefined), LOOK_EVERY);
  timer.unref();

  const reads: RankReads = {
    async nearest(query, options) {
      if (!state.vectors) return store.nearest(query, options);
      const { limit, among } = options;
      const of = among === null ? state.samples : Math.min(among.length, state.samples);
      const count = exactlyCompared(of, dimensions, limit);
      const ids = await index.nearest(query.vector, {
        count,
        among: among === null ? null : { ids: among },
      });
      const near = await store.similarities(query, ids);
      return near.sort((a, b) => b.similarity - a.similarity || a.sampleId - b.sampleId).slice(0, limit);
    },
    similarities: (query, ids) => store.similarities(query, ids),
    async background(query, count) {
      return state.vectors
        ? store.similarities(query, await index.spread(count))
        : store.background(query, count);
    },
    async matching(expression, { limit, among }) {
      return state.words
        ? index.matching(expression, { limit, among: among === null ? null : { ids: among } })
        : store.matching(expression, { limit, among });
    },
    frequencies: async (expressions) => (state.words ? index : store).frequencies(expressions),
    async matchesAmong(expressions, ids) {
      return state.words
        ? (await index.matchesAmong(expressions, ids)).map((some) => new Set(some))
        : store.matchesAmong(expressions, ids);
    },
  };
  return {
    reads,
    refresh: () => index.refresh({ now: true }),
    state: () => ({ ...state, loaded: state.vectors && state.words }),
    loaded: () => index.refresh({ now: false }),
    async close() {
      clearInterval(timer);
      await index.close();
    },
  };
}

const open = (
  options: IndexOptions,
  on: { tell: (state: IndexState) => void; ended: (error: Error) => void },
): IndexCalls => (hasThread() ? openIndexOnThread(options, on) : openSampleIndex(options, on.tell));
