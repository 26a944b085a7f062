import type { Store } from '../engines/store.js';
import type { Catalog } from '../sources/types.js';

const PAGE = 1000;

/**
 * Yields, page by page, how many samples of the catalog can be found today and could not be found once search reads
 * this generation; pages without any are left out.
 */
export async function* lostSamples(
  { store, catalog }: { store: Pick<Store, 'missingIn'>; catalog: Pick<Catalog, 'whichExist'> },
  number: number,
): AsyncGenerator<number> {
  for (let after: number | null = null; ; ) {
    const ids: number[] = await store.missingIn(number, { after, limit: PAGE });
    const { size } = await catalog.whichExist(ids);
    if (size > 0) yield size;
    if (ids.length < PAGE) return;
    after = ids.at(-1) ?? null;
  }
}
