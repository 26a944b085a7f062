import type { Store } from '../engines/store.js';
import type { Catalog } from '../sources/types.js';

const CHUNK = 500;

export interface RemovalParts {
  catalog: Pick<Catalog, 'whichExist'>;
  store: Pick<Store, 'writersOf' | 'removeVectors'>;
}

/**
 * Removes the vectors of samples that the catalog still lacks when it is asked once more. A row that is written again
 * meanwhile stays.
 *
 * @param countFor the run that prunes: deleted rows are added to its `pruned`, failures of the same samples are deleted
 * too.
 * @returns how many vectors were removed.
 */
export async function removeGone(
  { catalog, store }: RemovalParts,
  ids: readonly number[],
  countFor?: string,
): Promise<number> {
  let removed = 0;
  for (let from = 0; from < ids.length; from += CHUNK) {
    const chunk = ids.slice(from, from + CHUNK);
    const rows = await store.writersOf(chunk);
    const back = await catalog.whichExist(chunk);
    const gone = rows.filter((row) => !back.has(row.sampleId));
    removed += await store.removeVectors(gone, countFor);
  }
  return removed;
}
