import type { Store } from '../engines/store.js';
import type { SampleHit } from './sample-hit.js';

/** Returns the store's numbers of the hits, by their ids. */
export async function numbersOf(
  store: Pick<Store, 'knownNumbers'>,
  hits: readonly SampleHit[],
): Promise<Map<number | string, number>> {
  const ids = hits.map(({ sample_id }) => sample_id);
  const texts = ids.filter((id) => typeof id === 'string');
  const known = texts.length === 0 ? new Map<string, number>() : await store.knownNumbers(texts);
  return new Map(
    ids.flatMap((id) => {
      const number = typeof id === 'number' ? id : known.get(id);
      return number === undefined ? [] : [[id, number] as const];
    }),
  );
}
