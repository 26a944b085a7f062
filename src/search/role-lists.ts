import type { QueryVector } from '../engines/libsql/search-reads.js';
import { byWords, nearestTo } from './rank.js';
import type { SearchParts } from './search-samples.js';
import { termsOf } from './terms.js';

/** A sample of a list; `similarity` is to the feel, null where there is none. */
export interface RankedSample {
  sampleId: number;
  similarity: number | null;
}

/** Samples of the store, nearest to the feel first, in growing slices: small ones first, for a quick start. */
export type Slices = AsyncGenerator<RankedSample[], void, undefined>;

interface ListParts {
  parts: SearchParts;
  /** Null: there is no feel. */
  query: QueryVector | null;
  /** How many samples the store holds. */
  rows: number;
  /** Most samples that are listed. */
  most: number;
}

/** Texts with a group's words that are first compared with the feel. */
const FOUND = 3000;
/** Length of the first slice: the nearest of these. */
const NEAREST = 120;
/** Each slice is this many times as long as the one before. */
const TIMES = 4;
/** Most ids in one statement, and rows in one answer. */
const AT_ONCE = 5000;

/** Lists the samples whose texts hold one of these words. */
export const slicesOfWords = (words: readonly string[], { parts, query, rows, most }: ListParts): Slices => {
  // A text matches a spelling of several words only if it holds all of them.
  const spellings = words.map((word) => termsOf(word).map(({ expression }) => `(${expression})`));
  const expression = spellings
    .filter((terms) => terms.length > 0)
    .map((terms) => `(${terms.join(' AND ')})`)
    .join(' OR ');
  return slicesOf(FOUND, Math.min(rows, most), async (limit) => {
    const found = (await parts.store.matching(expression, { limit, among: null })).map(
      ({ sampleId }) => sampleId,
    );
    if (query === null) return found.map((sampleId) => ({ sampleId, similarity: null }));
    const near: RankedSample[] = [];
    for (let from = 0; from < found.length; from += AT_ONCE)
      near.push(...(await parts.store.similarities(query, found.slice(from, from + AT_ONCE))));
    return near.sort((a, b) => (b.similarity ?? 0) - (a.similarity ?? 0) || a.sampleId - b.sampleId);
  });
};

/** Lists all samples; without a feel, those with one of these words come first. */
export const slicesOfAll = (words: readonly string[], { parts, query, rows, most }: ListParts): Slices => {
  const { store, index } = parts;
  const reads = index?.readsUntil(undefined) ?? store;
  const upTo = Math.min(rows, most);
  return slicesOf(NEAREST, upTo, async (limit) => {
    if (query !== null)
      return limit < upTo
        ? nearestTo(reads, query, { limit, among: null, rows })
        : store.nearest(query, { limit, candidates: null, among: null });
    const begin = await byWords(reads, words.join(' '), { limit: NEAREST, among: null, rows });
    return limit < upTo ? begin : [...begin, ...(await firstIds(parts, upTo))];
  });
};

async function firstIds({ store }: SearchParts, count: number): Promise<RankedSample[]> {
  const all: RankedSample[] = [];
  for (let after: number | null = null; all.length < count; ) {
    const ids: number[] = await store.vectorIds({ after, limit: AT_ONCE });
    all.push(...ids.map((sampleId) => ({ sampleId, similarity: null })));
    if (ids.length < AT_ONCE) break;
    after = ids.at(-1) ?? null;
  }
  return all;
}

/** Yields slices of what `list` returns, best first. Lists `all` only after the first `some` are used up. */
async function* slicesOf(
  some: number,
  all: number,
  list: (limit: number) => Promise<RankedSample[]>,
): Slices {
  let length = NEAREST;
  for (const limit of some < all ? [some, all] : [all]) {
    const listed = await list(limit);
    for (let at = 0; at < listed.length; length *= TIMES) {
      yield listed.slice(at, at + length);
      at += length;
    }
  }
}
