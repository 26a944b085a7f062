import { type NamedSample, NoSuchSample } from '../domain/find-sample.js';
import type { Store } from '../engines/store.js';
import { dimensionsOf, readVector, storedForm, vectorBytes, writeVector } from '../engines/vector-form.js';
import { usageFault } from '../fault.js';
import type { Provider } from '../providers/types.js';
import type { Catalog, SampleFilter, TextIdMap } from '../sources/types.js';
import type { DailyCap } from './daily-cap.js';
import { type RankedHits, type RankedPart, rankedPart } from './depths.js';
import { describeFilter, whatEmptied } from './describe-filter.js';
import type { FastSearch, FoundAmong, SampleReads } from './index/open-fast-search.js';
import { type BoughtQuery, type QueryModel, queryVector } from './query-vector.js';
import { byBoth, byMeaning, byWords, type Found, type Ranking, type SearchMode } from './rank.js';
import { describeSamples, type SampleHit } from './sample-hit.js';
import { SearchFault } from './search-fault.js';
import type { Aside } from './search-queue.js';
import { lookAtStore } from './store-look.js';

export interface SearchParts {
  store: Store;
  catalog: Catalog;
  /** Maps text ids to numbers; absent: the catalog's ids are numbers. */
  keys?: Pick<TextIdMap, 'keysOf'>;
  /** Called only when the vector of a query must be bought. */
  provider: () => Provider;
  model: QueryModel;
  /** Frees this search's place in the queue while its query is bought. Absent: there is no queue. */
  aside?: Aside;
  /** Limit of what queries may cost; absent: no limit. */
  cap?: DailyCap;
  /** Columns that hits carry in `fields`, the title first; absent: none, as for the sample library's own tables. */
  shown?: readonly string[];
  /** The column with the path of a sample's audio file; null: there is none. */
  file: string | null;
  /** Index in memory, for a process that serves many searches; absent: the store answers each search. */
  index?: Pick<FastSearch, 'readsUntil' | 'idsThatFit' | 'samples'>;
  /** Called with progress while rows stored by older versions are indexed. */
  progress?: (done: number, total: number) => void;
}

export interface SearchOptions extends RankedPart {
  mode: SearchMode;
  filter?: SampleFilter;
  /** Aborts the search, which then throws the signal's reason. Steps under way finish, and no new step begins. */
  signal?: AbortSignal;
}

/** The result of a search. */
export interface SearchAnswer {
  /** Best first. */
  hits: SampleHit[];
  /** Tokens and cost of the query's vector; null: nothing was bought. */
  bought: BoughtQuery | null;
  /** Whether a search with a later `from` finds more, up to DEEPEST. */
  more: boolean;
  /** Why nothing was found, as a sentence with its cure; null: there are hits, or no cause is known. */
  empty: string | null;
}

/** Samples, by number, that serve as examples for a search. */
export interface Examples {
  /** A text in addition to the samples; null: there is none. */
  query: string | null;
  /** The hits should be near these samples, */
  like: readonly NamedSample[];
  /** and far from these. */
  unlike: readonly NamedSample[];
}

/** What a ranking is ordered by: see rankedPart. */
const BY_SIMILARITY = { bySimilarity: true };
const BY_SCORE = { bySimilarity: false };

/** Weight of the `unlike` examples, against a weight of 1 for the `like` examples and for the text. */
const PUSH = 0.5;

/** Returns the samples that a text describes, best first. Faults: empty query, nothing to search, another model. */
export async function searchText(
  parts: SearchParts,
  query: string,
  options: SearchOptions,
): Promise<SearchAnswer> {
  const text = cleanQuery(query);
  const { store, model } = parts;
  const prepared = await prepare(parts, options, options.mode !== 'text');
  if ('empty' in prepared) return nothing(prepared.empty);
  const reads = readsOf(parts, options);
  const ranking = (limit: number): Ranking<FoundAmong> => ({ ...prepared, limit });
  if (options.mode === 'text') {
    const ranked = await rankedPart((limit) => byWords(reads, text, ranking(limit)), options, BY_SCORE);
    return answer(parts, ranked, options, { bought: null, prepared });
  }
  const { cap, aside } = parts;
  const coming = queryVector(store, parts.provider, model, text, { cap, aside });
  const asked = coming.then(({ vector }) => ({
    ...{ model: model.model, vector: storedForm(vector, model.stored) },
  }));
  const byMode = (limit: number): Promise<Found[]> =>
    options.mode === 'vector'
      ? asked.then((query) => byMeaning(reads, query, ranking(limit)))
      : byBoth(reads, asked, text, ranking(limit));
  const ranked = await rankedPart(byMode, options, options.mode === 'vector' ? BY_SIMILARITY : BY_SCORE)
    // If the search by words fails, the purchase is booked before its error is thrown.
    .finally(() => coming.catch(() => undefined));
  return answer(parts, ranked, options, { bought: (await coming).bought, prepared });
}

/**
 * Returns the samples nearest to a given one, which is left out itself; `called`: its text id, if it has one. Faults:
 * the sample has no vector, or one of another model.
 */
export const searchSimilar = (
  parts: SearchParts,
  sampleId: number,
  { called = sampleId, ...options }: Omit<SearchOptions, 'mode'> & { called?: number | string },
): Promise<SearchAnswer> =>
  searchExamples(parts, { query: null, like: [{ number: sampleId, called }], unlike: [] }, options);

/** Returns samples that resemble some examples and not others, by vectors alone, without the examples. */
export async function searchExamples(
  parts: SearchParts,
  { query, like, unlike }: Examples,
  options: Omit<SearchOptions, 'mode'>,
): Promise<SearchAnswer> {
  const { store, model } = parts;
  const text = query === null ? null : cleanQuery(query);
  if (text === null && like.length === 0)
    throw usageFault('there is nothing to search by: name a sample, or a text');
  const prepared = await prepare(parts, options, true);
  if ('empty' in prepared) return nothing(prepared.empty);
  const vectorsOf = (samples: readonly NamedSample[]): Promise<Uint8Array[]> =>
    Promise.all(samples.map((sample) => vectorOf(parts, sample)));
  // In parallel, so that a store far away costs one round trip.
  const examplesOf = Promise.all([vectorsOf(like), vectorsOf(unlike)]);
  const [[near, far], { vector, bought }] = await Promise.all([
    examplesOf,
    text === null
      ? { vector: null, bought: null }
      : queryVector(store, parts.provider, model, text, {
          ...{ cap: parts.cap, aside: parts.aside, first: examplesOf },
        }),
  ]);
  const sum = new Float32Array(model.stored.dimensions);
  for (const each of near) addTo(sum, each, 1 / near.length);
  if (vector !== null) addTo(sum, storedForm(vector, model.stored), 1);
  for (const each of far) addTo(sum, each, -PUSH / far.length);
  const examples = new Set([...like, ...unlike].map(({ number }) => number));
  const asked = { model: model.model, vector: writeVector(sum, model.stored.form) };
  const reads = readsOf(parts, options);
  const others = async (limit: number): Promise<Found[]> =>
    (await byMeaning(reads, asked, { ...prepared, limit: limit + examples.size }))
      .filter((hit) => !examples.has(hit.sampleId))
      .slice(0, limit);
  const ranked = await rankedPart(others, options, BY_SIMILARITY);
  return answer(parts, ranked, options, { bought, prepared });
}

function cleanQuery(query: string): string {
  const text = query.replaceAll('\0', ' ').toWellFormed().trim();
  if (text === '') throw usageFault('the query is empty: say what to look for, like "dark moody hip hop"');
  return text;
}

/** Normalizes a vector to length 1, multiplies it by `weight` and adds it to `sum`. */
function addTo(sum: Float32Array, bytes: Uint8Array, weight: number): void {
  const vector = readVector(bytes);
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares) || 1;
  for (const [at, value] of vector.entries()) sum[at] = (sum[at] ?? 0) + (weight * value) / length;
}

/** Returns a sample's vector. Throws a usage Fault if it has none, or one of another model. */
async function vectorOf({ store, catalog, model }: SearchParts, sample: NamedSample): Promise<Uint8Array> {
  const { number, called } = sample;
  const own = await store.vectorOf(number);
  if (own === null) {
    const there = (await catalog.whichExist([number])).has(number);
    if (!there)
      throw new NoSuchSample(`sample ${called} is not in the catalog and has no vector: check the id`);
    throw new SearchFault(
      'no-vector',
      `sample ${called} has no vector: embed it with embeddings --sample-ids ${argumentOf(called)}, or see embeddings failures`,
    );
  }
  const { dimensions, form } = model.stored;
  if (
    own.vector.length !== vectorBytes(dimensions, form) ||
    (own.model !== null && own.model !== model.model)
  )
    throw new SearchFault(
      'other-model',
      `the vector of sample ${called} is of ${own.model ?? 'an unnamed model'} with ${dimensionsOf(own.vector)} dimensions, not of ${model.model} with ${dimensions}: embed it with embeddings --sample-ids ${argumentOf(called)}`,
    );
  return own.vector;
}

/** Returns the id as a shell argument, quoted if necessary. */
const argumentOf = (id: number | string): string =>
  /^[\w./:@%+-]+$/.test(String(id)) ? String(id) : JSON.stringify(id);

const nothing = (empty: string): SearchAnswer => ({ hits: [], more: false, bought: null, empty });

async function answer(
  parts: SearchParts,
  ranked: RankedHits,
  { from = 0, signal, ...options }: Partial<SearchOptions>,
  { bought, prepared }: { bought: BoughtQuery | null; prepared: Ranking<FoundAmong> },
): Promise<SearchAnswer> {
  signal?.throwIfAborted();
  const { found, more } = ranked;
  const hits = (await describeSamples(parts, found)).map((hit) => ({ ...hit, rank: from + hit.rank }));
  // A page beyond the last hit needs no explanation.
  const empty = hits.length > 0 || from > 0 ? null : whyEmpty(ranked, options, prepared.among);
  return { hits, more, bought, empty };
}

function whyEmpty(
  { any, greatestSimilarity }: RankedHits,
  { mode, minSimilarity, filter = {} }: Partial<SearchOptions>,
  among: FoundAmong | null,
): string | null {
  if (any && minSimilarity !== undefined)
    return greatestSimilarity === null
      ? 'a search by words alone has no similarity: leave --min-similarity out'
      : `the most similar sample has ${greatestSimilarity.toFixed(3)}, less than ${minSimilarity}: lower --min-similarity`;
  const fit =
    among === null ? null : `${among.length.toLocaleString('en')} samples fit ${describeFilter(filter)}`;
  if (mode === 'text')
    return `${fit === null ? 'no text' : `${fit}, and none of their texts`} holds any of these words: try others, or search by meaning without --mode text`;
  return fit === null
    ? null
    : `${fit}, and none of them is both stored and found: embed them with embeddings --all, or search in other words`;
}

/** Prepares the store and applies the filter. `empty`: why nothing can be found, as a sentence with its cure. */
export async function prepare(
  { store, catalog, model, progress, index }: SearchParts,
  { filter = {}, limit, signal }: Omit<SearchOptions, 'mode'>,
  needsVectors: boolean,
): Promise<Ranking<FoundAmong> | { empty: string }> {
  signal?.throwIfAborted();
  const rows = await lookAtStore(store, {
    model: needsVectors ? model : null,
    counted: (await index?.samples()) ?? null,
    ...(progress && { progress }),
  });
  signal?.throwIfAborted();
  if (Object.keys(filter).length === 0) return { rows, among: null, limit };
  const among = await (index?.idsThatFit(filter) ?? catalog.findIds(filter));
  return among.length === 0 ? { empty: await whatEmptied(catalog, filter) } : { rows, among, limit };
}

/** Returns the reads of the index, or those of the store. Without an index `among` is a list of ids for the store. */
export const readsOf = (
  { store, index }: SearchParts,
  { signal }: Pick<SearchOptions, 'signal'>,
): SampleReads<FoundAmong> => index?.readsUntil(signal) ?? store;
