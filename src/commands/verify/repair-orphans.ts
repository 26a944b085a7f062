import type { Settings } from '../../config.js';
import { refuseHiddenSamples } from '../../domain/prune-guard.js';
import { removeGone } from '../../domain/remove-gone.js';
import { withStore } from '../../hosting/existing-store.js';
import { openCatalogReadOnly } from '../../hosting/open-parts.js';

/** Removes the rows of samples that are still missing from the catalog. Returns how many rows were removed. */
export async function removeOrphans(
  settings: Settings & { catalogUrl: string },
  ids: readonly number[],
): Promise<number> {
  if (ids.length === 0) return 0;
  const catalog = await openCatalogReadOnly(settings);
  try {
    await refuseHiddenSamples({ catalog });
    const remove = (store: Parameters<typeof removeGone>[0]['store']) => removeGone({ catalog, store }, ids);
    return (await withStore(settings, remove, { readOnly: false })) ?? 0;
  } finally {
    await catalog.close();
  }
}
