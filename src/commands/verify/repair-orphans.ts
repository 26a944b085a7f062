import { openCatalog } from '../../catalog/index.js';
import type { Settings } from '../../config.js';
import { withStore } from '../../hosting/latest-run.js';

const CHUNK = 500;

/**
 * Removes the rows of samples that the catalog still does not hold when it is asked once more. A row that is written
 * again meanwhile stays: it is deleted as it was seen or not at all.
 *
 * @returns how many rows were removed.
 */
export async function removeOrphans(
  settings: Settings & { catalogUrl: string },
  ids: readonly number[],
): Promise<number> {
  if (ids.length === 0) return 0;
  const catalog = await openCatalog(settings.catalogUrl);
  try {
    const removed = await withStore(
      settings,
      async (store) => {
        let count = 0;
        for (let from = 0; from < ids.length; from += CHUNK) {
          const chunk = ids.slice(from, from + CHUNK);
          const rows = await store.writersOf(chunk);
          const back = new Set((await catalog.readIds(chunk)).map((sample) => sample.id));
          count += await store.removeVectors(rows.filter((row) => !back.has(row.sampleId)));
        }
        return count;
      },
      { readOnly: false },
    );
    return removed ?? 0;
  } finally {
    await catalog.close();
  }
}
