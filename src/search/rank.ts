import type { Near, QueryVector, SearchReads } from '../engines/libsql/search-reads.js';
import { dimensionsOf } from '../engines/vector-form.js';
import { candidatesFor } from './candidates.js';
import { agreement, coverage, fuse, JUDGED, type TextHit, wordWeight } from './fuse.js';
import { type Term, termsOf, weighed } from './terms.js';

export type SearchMode = 'hybrid' | 'vector' | 'text';

export interface Found {
  sampleId: number;
  /** 1 − cosine distance to the query; null without a query vector or a stored vector. */
  similarity: number | null;
  /** The value that hits are ordered by: 0–1 in hybrid mode, similarity in vector mode, BM25 in text mode. */
  score: number;
}

/** Which samples may be found, in the form that the reads take: the store takes a list of ids. */
export interface Among {
  readonly length: number;
}

/** The reads of the store, generic over the form of `among`: see SearchReads. */
export interface RankReads<A extends Among = readonly number[]>
  extends Pick<SearchReads, 'similarities' | 'background' | 'frequencies' | 'matchesAmong'> {
  nearest(
    query: QueryVector,
    options: { limit: number; candidates: number | null; among: A | null },
  ): ReturnType<SearchReads['nearest']>;
  matching(
    expression: string,
    options: { limit: number; among: A | null },
  ): ReturnType<SearchReads['matching']>;
}

export interface Ranking<A extends Among = readonly number[]> {
  limit: number;
  /** Samples that may be found; null: all. */
  among: A | null;
  /** How many samples the store holds. */
  rows: number;
}

/** Hits taken from each side at least, so that each side can raise what the other ranks high. */
const POOL = 200;
/** Samples from which the usual similarity to the query is estimated. */
const BACKGROUND = 100;
const poolOf = (limit: number): number => Math.max(POOL, 2 * limit);

export async function nearestTo<A extends Among>(
  reads: RankReads<A>,
  query: QueryVector,
  { limit, among, rows }: Ranking<A>,
): Promise<Near[]> {
  const dimensions = dimensionsOf(query.vector);
  const candidates = candidatesFor(among === null ? rows : Math.min(rows, among.length), dimensions, limit);
  return reads.nearest(query, { limit, candidates, among });
}

export const byMeaning = async <A extends Among>(
  reads: RankReads<A>,
  query: QueryVector,
  ranking: Ranking<A>,
): Promise<Found[]> =>
  (await nearestTo(reads, query, ranking)).map((near) => ({ ...near, score: near.similarity }));

export async function byWords<A extends Among>(
  reads: RankReads<A>,
  text: string,
  ranking: Ranking<A>,
): Promise<Found[]> {
  const { hits } = await wordsOf(reads, text, ranking, ranking.limit);
  return hits.map(({ sampleId, bm25 }) => ({ sampleId, similarity: null, score: bm25 }));
}

/** Ranks by meaning and words; the weight of words depends on how well they match. `asked` may still be pending. */
export async function byBoth<A extends Among>(
  reads: RankReads<A>,
  asked: QueryVector | Promise<QueryVector>,
  text: string,
  ranking: Ranking<A>,
): Promise<Found[]> {
  const pool = poolOf(ranking.limit);
  const [query, { hits, terms }] = await Promise.all([asked, wordsOf(reads, text, ranking, pool)]);
  const best = hits.slice(0, JUDGED);
  const expressions = terms.map(({ expression }) => expression);
  const ids = (some: readonly TextHit[]) => some.map(({ sampleId }) => sampleId);
  // In parallel, so that a store far away costs one round trip.
  const [near, ofHits, matches, background] = await Promise.all([
    nearestTo(reads, query, { ...ranking, limit: pool }),
    reads.similarities(query, ids(hits)),
    reads.matchesAmong(expressions, ids(best)),
    // Without hits by words there is no weight to compute.
    best.length === 0 ? [] : reads.background(query, BACKGROUND),
  ]);
  const similarities = new Map(
    [...near, ...ofHits].map(({ sampleId, similarity }) => [sampleId, similarity]),
  );
  const agreed = agreement(
    best.flatMap(({ sampleId }) => similarities.get(sampleId) ?? []),
    background.map(({ similarity }) => similarity),
  );
  const weight = wordWeight(coverage(terms, best, matches), agreed);
  return fuse(hits, similarities, weight)
    .slice(0, ranking.limit)
    .map(({ sampleId, score }) => ({ sampleId, score, similarity: similarities.get(sampleId) ?? null }));
}

async function wordsOf<A extends Among>(
  reads: RankReads<A>,
  text: string,
  { among, rows }: Ranking<A>,
  limit: number,
): Promise<{ hits: TextHit[]; terms: Term[] }> {
  const words = termsOf(text);
  if (words.length === 0) return { hits: [], terms: [] };
  const having = await reads.frequencies(words.map(({ expression }) => expression));
  const terms = weighed(words, having, rows);
  if (terms.length === 0) return { hits: [], terms };
  const expression = terms.map(({ expression }) => expression).join(' OR ');
  return { hits: await reads.matching(expression, { limit, among }), terms };
}
