import { numbersOf } from './numbers-of.js';
import { type BoughtQuery, queryVector } from './query-vector.js';
import { describeSamples, type SampleHit } from './sample-hit.js';
import { type SearchParts, searchText } from './search-samples.js';
import { termsOf } from './terms.js';

/** A sample that may be chosen. */
export interface PoolSample {
  /** The store's number. */
  number: number;
  hit: SampleHit;
  /** The text that it was embedded from; null: it was not kept. */
  text: string | null;
}

export interface Pool {
  /** By number, ascending; `hit.similarity` is to the feel, null where there is none. */
  samples: PoolSample[];
  /** What the one query was bought for; null: it was known, or there was none. */
  bought: BoughtQuery | null;
}

/** So many texts with a group's words are compared with the feel, */
const FOUND = 3000;
/** and so many of them, the nearest, are looked at. */
const NEAREST = 120;
/** Besides, so many of the whole library. */
const ANY = 120;

/**
 * The samples nearest to a feel among those whose texts hold the words of each group, and among all. Buys one query, or none
 * where the feel is empty; then the texts alone decide.
 */
export async function poolOf(
  parts: SearchParts,
  feel: string,
  groups: readonly (readonly string[])[],
): Promise<Pool> {
  const { store, model } = parts;
  // Prepares the store as any search does; words alone buy nothing.
  const any = await searchText(parts, feel === '' ? groups.flat().slice(0, 30).join(' ') : feel, {
    mode: feel === '' ? 'text' : 'vector',
    limit: ANY,
  });
  const query =
    feel === ''
      ? null
      : {
          model: model.model,
          vector: (await queryVector(store, parts.provider, model, feel, parts)).vector,
        };
  const similarities = new Map<number, number | null>();
  for (const words of groups) {
    const expression = words
      .flatMap((word) => termsOf(word).map(({ expression }) => expression))
      .join(' OR ');
    const found = (await store.matching(expression, { limit: FOUND, among: null })).map(
      ({ sampleId }) => sampleId,
    );
    if (query === null) for (const id of found.slice(0, NEAREST)) similarities.set(id, null);
    else {
      const near = await store.similarities(query, found);
      near.sort((a, b) => b.similarity - a.similarity || a.sampleId - b.sampleId);
      for (const { sampleId, similarity } of near.slice(0, NEAREST)) similarities.set(sampleId, similarity);
    }
  }
  const numbers = await numbersOf(store, any.hits);
  for (const hit of any.hits) {
    const number = numbers.get(hit.sample_id);
    if (number !== undefined && !similarities.has(number))
      similarities.set(number, query === null ? null : hit.similarity);
  }
  const ids = [...similarities.keys()].sort((a, b) => a - b);
  const texts = await store.textsOf(ids);
  const hits = await describeSamples(
    parts,
    ids.map((sampleId) => ({
      sampleId,
      similarity: similarities.get(sampleId) ?? null,
      score: similarities.get(sampleId) ?? 0,
    })),
  );
  return {
    samples: hits.flatMap((hit, at) => {
      const number = ids[at] as number;
      return hit.gone === true ? [] : [{ number, hit, text: texts.get(number)?.text ?? null }];
    }),
    bought: any.bought,
  };
}
