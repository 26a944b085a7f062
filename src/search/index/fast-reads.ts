import type { Listed, ListPage, Near, QueryVector } from '../../engines/libsql/search-reads.js';
import type { Store } from '../../engines/store.js';
import type { Catalog, SampleFilter } from '../../sources/types.js';
import { exactlyCompared } from '../candidates.js';
import type { Among, RankReads } from '../rank.js';
import type { AmongCall, IndexCalls, IndexState } from './calls.js';

/** Of the samples that are compared exactly, so many of the best leave the store: what both ways of the usual depths take. */
const BEST = 700;

/** Which samples may be found: these ids, or those that fit a filter which the index knows. */
export type FoundAmong = readonly number[] | { readonly length: number; readonly filter: SampleFilter };

interface Parts {
  store: Pick<Store, keyof SampleReads>;
  catalog: Pick<Catalog, 'findIds'>;
  index: IndexCalls;
  dimensions: number;
  state: () => IndexState;
  /** Resolves once what is ready soon is ready, or is not to be. */
  settled: Promise<void>;
  /** Ends the search: each step throws its reason. */
  signal?: AbortSignal | undefined;
}

/** The same reads as of a store, with its results. */
export interface SampleReads<A extends Among = readonly number[]> extends RankReads<A> {
  /** As SearchReads.listed. */
  listed(among: A | null, page: ListPage): Promise<Listed>;
}

/** The reads of a search from memory; where the index has not loaded them, or fails, from the store. */
export function fastReads({
  store,
  catalog,
  index,
  dimensions,
  state,
  settled,
  signal,
}: Parts): SampleReads<FoundAmong> {
  const similarities = knownSimilarities(store);
  /** Only ids of vectors are ranked in memory: what they really are like, the store says. */
  async function nearest(query: QueryVector, limit: number, among: FoundAmong | null): Promise<Near[]> {
    const { samples } = state();
    const of = among === null ? samples : Math.min(among.length, samples);
    const count = exactlyCompared(of, dimensions, limit);
    const ids = await index.nearest(query.vector, { count, among: callOf(among) });
    signal?.throwIfAborted();
    const near = await similarities(query, ids, limit > BEST ? {} : { best: BEST });
    return near.sort((a, b) => b.similarity - a.similarity || a.sampleId - b.sampleId).slice(0, limit);
  }
  const idsOf = async (among: FoundAmong | null): Promise<readonly number[] | null> =>
    among === null || isList(among) ? among : catalog.findIds(among.filter);
  const either = async <T>(
    ready: () => boolean,
    ours: () => Promise<T>,
    stores: () => Promise<T>,
  ): Promise<T> => {
    signal?.throwIfAborted();
    await settled;
    if (!ready()) return stores();
    try {
      return await ours();
    } catch {
      signal?.throwIfAborted();
      return stores();
    }
  };
  return {
    nearest: (query, { limit, among, candidates }) =>
      either(
        () => state().vectors,
        () => nearest(query, limit, among),
        async () => store.nearest(query, { limit, candidates, among: await idsOf(among) }),
      ),
    async similarities(query, ids) {
      signal?.throwIfAborted();
      return similarities(query, ids);
    },
    background: (query, count) =>
      either(
        () => state().vectors,
        async () => similarities(query, await index.spread(count)),
        () => store.background(query, count),
      ),
    matching: (expression, { limit, among }) =>
      either(
        () => state().words,
        () => index.matching(expression, { limit, among: callOf(among) }),
        async () => store.matching(expression, { limit, among: await idsOf(among) }),
      ),
    frequencies: (expressions) =>
      either(
        () => state().words,
        () => index.frequencies(expressions),
        () => store.frequencies(expressions),
      ),
    matchesAmong: (expressions, ids) =>
      either(
        () => state().words,
        async () => (await index.matchesAmong(expressions, ids)).map((some) => new Set(some)),
        () => store.matchesAmong(expressions, ids),
      ),
    listed: (among, page) =>
      either(
        () => state().vectors,
        () => index.listed(callOf(among), page),
        async () => store.listed(await idsOf(among), page),
      ),
  };
}

/**
 * The store's similarities, each read once for a query as an object: a longer ranking of the same search compares what the
 * shorter one has compared, and more.
 */
function knownSimilarities(store: Parts['store']): SampleReads['similarities'] {
  /** By id; null: it has none, or is not one of the best. */
  const all = new WeakMap<QueryVector, Map<number, Near | null>>();
  return async (query, ids, options = {}) => {
    const known = all.get(query) ?? new Map<number, Near | null>();
    all.set(query, known);
    // What was not among the best of some is not among the best of more.
    const isOpen = (id: number) => (options.best === undefined ? known.get(id) == null : !known.has(id));
    const open = ids.filter(isOpen);
    const found = open.length === 0 ? [] : await store.similarities(query, open, options);
    for (const id of open) if (!known.has(id)) known.set(id, null);
    for (const near of found) known.set(near.sampleId, near);
    return ids.flatMap((id) => known.get(id) ?? []);
  };
}

const isList = (among: FoundAmong): among is readonly number[] => Array.isArray(among);

const callOf = (among: FoundAmong | null): AmongCall =>
  among === null ? null : isList(among) ? { ids: among } : { filter: among.filter };
