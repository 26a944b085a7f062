import type { QueryVector } from '../engines/libsql/search-reads.js';
import { byWords, nearestTo } from './rank.js';
import type { SearchParts } from './search-samples.js';
import { termsOf } from './terms.js';

/** A sample of a list; `similarity` is to the feel, null where there is none. */
export interface RankedSample {
  sampleId: number;
  similarity: number | null;
}

/** Samples of the store, nearest to the feel first, in slices that grow: the first are quick, the last end the list. */
export type Slices = AsyncGenerator<RankedSample[], void, undefined>;

interface ListParts {
  parts: SearchParts;
  /** Null: there is no feel. */
  query: QueryVector | null;
  /** How many samples the store holds. */
  rows: number;
  /** So many of them at most are listed. */
  most: number;
}

/** At first, so many texts with a group's words are compared with the feel, */
const FOUND = 3000;
/** and so many of them, the nearest, are one slice. */
const NEAREST = 120;
/** The next slice is so many times as long. */
const TIMES = 4;
/** Ids in one statement, and rows in one answer. */
const AT_ONCE = 5000;

/** The samples whose texts hold one of these words. */
export const slicesOfWords = (words: readonly string[], { parts, query, rows, most }: ListParts): Slices => {
  // Of a spelling of several words a text holds all.
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

/** All samples; where there is no feel, at first those with one of these words. */
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

/** `list` gives so many at most, best first; all of them are listed only where the first `some` do not do. */
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
