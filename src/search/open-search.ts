import type { Store } from '../engines/store.js';
import { usageFault } from '../fault.js';
import type { Provider } from '../providers/types.js';
import type { Catalog, SampleFilter } from '../sources/types.js';
import { type QueryModel, queryVector } from './query-vector.js';
import { byBoth, byMeaning, byWords, type Found, type SearchMode } from './rank.js';
import { describeSamples, type SampleHit } from './sample-hit.js';

export interface SearchParts {
  store: Store;
  catalog: Catalog;
  /** Asked for where a query must be bought. */
  provider: () => Provider;
  model: QueryModel;
  /** Columns that hits carry in `fields`, the title first; absent: none, as for the sample library's own tables. */
  shown?: readonly string[];
  /** The column with the path of a sample's audio file; null: there is none. */
  file: string | null;
  /** Told while rows that were stored before search was there are entered. */
  progress?: (done: number, total: number) => void;
}

export interface SearchOptions {
  mode: SearchMode;
  limit: number;
  /** Leaves out what is less similar. */
  minSimilarity?: number;
  filter?: SampleFilter;
}

const ENTERED_AT_ONCE = 1000;

/** The samples that a text describes, best first. Faults: an empty query, nothing to search, another model. */
export async function searchText(
  parts: SearchParts,
  query: string,
  options: SearchOptions,
): Promise<SampleHit[]> {
  const text = query.replaceAll('\0', ' ').toWellFormed().trim();
  if (text === '') throw usageFault('the query is empty: say what to look for, like "dark moody hip hop"');
  const { store, model } = parts;
  const { rows, among, limit } = await prepare(parts, options, options.mode !== 'text');
  const ranking = { limit, among, rows };
  let found: Found[];
  if (options.mode === 'text') found = await byWords(store, text, ranking);
  else {
    const vector = await queryVector(store, parts.provider, model, text);
    const asked = { model: model.model, vector };
    found =
      options.mode === 'vector'
        ? await byMeaning(store, asked, ranking)
        : await byBoth(store, asked, text, ranking);
  }
  return describeSamples(parts, atLeast(found, options.minSimilarity));
}

/**
 * The samples nearest to one of them, which itself is left out; `called`: its text id, where it has one. Faults: it has
 * no vector, or one of another model.
 */
export async function searchSimilar(
  parts: SearchParts,
  sampleId: number,
  { called = sampleId, ...options }: Omit<SearchOptions, 'mode'> & { called?: number | string },
): Promise<SampleHit[]> {
  const { store, model } = parts;
  const { rows, among, limit } = await prepare(parts, options, true);
  const own = await store.vectorOf(sampleId);
  if (own === null) {
    const there = (await parts.catalog.whichExist([sampleId])).has(sampleId);
    throw usageFault(
      there
        ? `sample ${called} has no vector: embed it with embeddings --sample-ids ${argumentOf(called)}, or see embeddings failures`
        : `sample ${called} is not in the catalog and has no vector: check the id`,
    );
  }
  if (own.vector.length !== 4 * model.dimensions || (own.model !== null && own.model !== model.model))
    throw usageFault(
      `the vector of sample ${called} is of ${own.model ?? 'an unnamed model'} with ${own.vector.length / 4} dimensions, not of EMBEDDING_MODEL ${model.model} with ${model.dimensions}: embed it with embeddings --sample-ids ${argumentOf(called)}`,
    );
  const asked = { model: model.model, vector: own.vector };
  const found = (await byMeaning(store, asked, { limit: limit + 1, among, rows }))
    .filter((hit) => hit.sampleId !== sampleId)
    .slice(0, limit);
  return describeSamples(parts, atLeast(found, options.minSimilarity));
}

/** As a shell takes it. */
const argumentOf = (id: number | string): string =>
  /^[\w./:@%+-]+$/.test(String(id)) ? String(id) : JSON.stringify(id);

const atLeast = (found: Found[], least: number | undefined): Found[] =>
  least === undefined ? found : found.filter(({ similarity }) => similarity !== null && similarity >= least);

async function prepare(
  { store, catalog, model, progress }: SearchParts,
  { filter = {}, limit }: { filter?: SampleFilter; limit: number },
  needsVectors: boolean,
): Promise<{ rows: number; among: readonly number[] | null; limit: number }> {
  await store.migrate();
  const { rows, missing } = await store.searchable();
  if (rows === 0)
    throw usageFault(
      'there is nothing to search yet: the store holds no vectors; embed them with embeddings --all',
    );
  let done = 0;
  for (let after: number | null = null; missing > 0; ) {
    after = await store.enterMissing(after, ENTERED_AT_ONCE);
    if (after === null) break;
    done += ENTERED_AT_ONCE;
    progress?.(Math.min(done, missing), missing);
  }
  if (needsVectors && !(await store.hasVectorsOf(model.model, 4 * model.dimensions)))
    throw await otherModel(store, model);
  if (Object.keys(filter).length === 0) return { rows, among: null, limit };
  const among = await catalog.findIds(filter);
  if (among.length === 0)
    throw usageFault(`no sample of the catalog fits ${describeFilter(filter)}: widen the filter`);
  return { rows, among, limit };
}

const describeFilter = ({ where = [], ...filter }: SampleFilter): string =>
  Object.entries(filter)
    .map(([name, value]) => `--${name} ${typeof value === 'object' ? rangeOf(value) : `"${value}"`}`)
    .concat(where.map((each) => `--where ${each.field}=${'is' in each ? `"${each.is}"` : rangeOf(each)}`))
    .join(' ');

/** As it is typed. */
function rangeOf({ from, to }: { from: number; to: number }): string {
  const end = (value: number): string => (Number.isFinite(value) ? String(value) : '');
  return `${end(from)}${Number.isFinite(from) && Number.isFinite(to) ? '-' : '..'}${end(to)}`;
}

async function otherModel(store: Store, { model, dimensions }: QueryModel): Promise<Error> {
  const kinds = (await store.vectorKinds()).map(
    ({ model: theirs, bytes }) => `${theirs ?? 'an unnamed model'} with ${bytes / 4} dimensions`,
  );
  return usageFault(
    `the stored vectors are of ${kinds.join(', ')}; EMBEDDING_MODEL and EMBEDDING_DIMENSIONS say ${model} with ${dimensions}: set them to what is stored, or embed anew with embeddings --all`,
  );
}
