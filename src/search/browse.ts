import type { ListPage } from '../engines/libsql/search-reads.js';
import type { SampleFilter } from '../sources/types.js';
import { describeFilter } from './describe-filter.js';
import { describeSamples, type SampleHit } from './sample-hit.js';
import { prepare, readsOf, type SearchParts } from './search-samples.js';

export interface BrowseOptions extends ListPage {
  /** Ends it, as it ends a search. */
  signal?: AbortSignal;
}

export interface BrowseAnswer {
  /** In order of id, of text ids in the order of the store's numbers; `similarity` is null, `score` 0. */
  hits: SampleHit[];
  /** How many fit in all. */
  total: number;
  /** `after` of the next page; null: there is none. */
  next: number | null;
  /** Why there is none, as a sentence with its cure; null: there are some, or the page lies beyond the last. */
  empty: string | null;
}

/** The samples that fit a filter and can be found, a page of them. Faults as of a search. */
export async function browseSamples(
  parts: SearchParts,
  filter: SampleFilter,
  { after, limit, signal }: BrowseOptions,
): Promise<BrowseAnswer> {
  const options = { filter, limit, ...(signal && { signal }) };
  const prepared = await prepare(parts, options, false);
  if ('empty' in prepared) return { hits: [], total: 0, next: null, empty: prepared.empty };
  const { among } = prepared;
  // One more tells whether there is more.
  const { ids, total } = await readsOf(parts, options).listed(among, { after, limit: limit + 1 });
  const shown = ids.slice(0, limit);
  const hits = await describeSamples(
    parts,
    shown.map((sampleId) => ({ sampleId, similarity: null, score: 0 })),
  );
  const empty =
    total > 0 || among === null
      ? null
      : `${among.length.toLocaleString('en')} samples fit ${describeFilter(filter)}, and none of them is stored: embed them with embeddings --all`;
  return { hits, total, next: ids.length > limit ? (shown.at(-1) ?? null) : null, empty };
}
