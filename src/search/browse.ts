import type { ListPage } from '../engines/libsql/search-reads.js';
import type { SampleFilter } from '../sources/types.js';
import { describeFilter } from './describe-filter.js';
import { describeSamples, type SampleHit } from './sample-hit.js';
import { prepare, readsOf, type SearchParts } from './search-samples.js';

export interface BrowseOptions extends ListPage {
  /** Aborts it, as for a search. */
  signal?: AbortSignal;
}

export interface BrowseAnswer {
  /** In order of id; text ids in the order of the store's numbers. `similarity` is null, `score` 0. */
  hits: SampleHit[];
  /** How many samples match in all. */
  total: number;
  /** `after` of the next page; null: this is the last page. */
  next: number | null;
  /** Why there are no hits, as a sentence with its cure; null: there are some, or the page lies beyond the last hit. */
  empty: string | null;
}

/** Returns one page of the stored samples that match a filter. Throws the Faults of a search. */
export async function browseSamples(
  parts: SearchParts,
  filter: SampleFilter,
  { after, limit, signal }: BrowseOptions,
): Promise<BrowseAnswer> {
  const options = { filter, limit, ...(signal && { signal }) };
  const prepared = await prepare(parts, options, false);
  if ('empty' in prepared) return { hits: [], total: 0, next: null, empty: prepared.empty };
  const { among } = prepared;
  // One more id shows whether there is a next page.
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
