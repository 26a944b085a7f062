import { required, type Settings } from '../../config.js';
import type { PlannedGeneration } from '../../contract/generation.js';
import { usageFault } from '../../fault.js';
import { openExistingStore } from '../../hosting/existing-store.js';
import { activeSettings } from '../../hosting/generation-settings.js';
import { openCatalogReadOnly } from '../../hosting/open-parts.js';
import { collectMap } from '../../map/collect.js';
import type { MapData } from '../../map/map-data.js';
import type { MapMath } from '../../map/math.js';

export interface CollectOptions {
  /** Run the store in its own thread; default false. */
  ownThread?: boolean;
  /** Default: the computation runs in this thread. */
  math?: MapMath;
}

/** Returns the map of the settings' collection, and its generation. Throws a usage Fault if nothing is stored. */
export async function mapOf(
  configured: Settings,
  progress: (what: string, share: number) => void,
  { ownThread = false, math }: CollectOptions = {},
): Promise<{ data: MapData; generation: PlannedGeneration }> {
  const settings = await activeSettings(required(configured, 'storeUrl', 'catalogUrl'));
  const catalog = await openCatalogReadOnly(settings);
  try {
    const store = await openExistingStore(settings, { ownThread });
    if (store === null)
      throw usageFault(
        'there is nothing to draw yet: the database of TURSO_DATABASE_URL does not exist; create it with embeddings --all',
      );
    const { generation, collection } = settings;
    const [title] = collection.shown;
    try {
      const data = await collectMap({
        ...{ store: store.of(generation.number), catalog, progress },
        ...{ dimensions: generation.dimensions, form: generation.form },
        ...(math !== undefined && { math }),
        ...(title !== undefined && { title }),
      });
      return { data, generation };
    } finally {
      await store.close();
    }
  } finally {
    await catalog.close();
  }
}
