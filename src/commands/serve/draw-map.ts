import { required, type Settings } from '../../config.js';
import { usageFault } from '../../fault.js';
import { openExistingStore } from '../../hosting/existing-store.js';
import { lookAtCatalog } from '../../hosting/open-parts.js';
import { collectMap } from '../../map/collect.js';
import type { PackedMap } from '../../map/map-data.js';
import { packMap } from '../../map/pack-map.js';
import { withThread } from '../../map/thread/on-thread.js';

/** The map of the settings' collection, made beside the server: store and arithmetic have threads of their own. */
export async function drawMap(
  settings: Settings,
  progress: (what: string, share: number) => void,
): Promise<PackedMap> {
  const catalog = await lookAtCatalog(required(settings, 'storeUrl', 'catalogUrl'));
  try {
    const store = await openExistingStore(settings, { ownThread: true });
    if (store === null) throw usageFault('there is nothing to draw yet: embed samples with embeddings --all');
    const { dimensions, collection } = settings;
    const [title] = collection.shown;
    try {
      const data = await withThread((math) =>
        collectMap({ store, catalog, dimensions, progress, math, ...(title !== undefined && { title }) }),
      );
      return packMap(data, { textIds: true });
    } finally {
      await store.close();
    }
  } finally {
    await catalog.close();
  }
}
