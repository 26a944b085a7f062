import type { Store } from '../engines/store.js';
import { blockedFault } from '../fault.js';
import { CATALOG_SETTING } from '../sources/catalog-setting.js';
import { type Catalog, hidesSamples } from '../sources/types.js';

const PAGE = 1000;
const RIGHT_ONE = `does ${CATALOG_SETTING} name the right one?`;

interface Parts {
  catalog: Pick<Catalog, 'count' | 'whichExist' | 'hiddenTables'>;
  store: Pick<Store, 'countVectors' | 'vectorIds'>;
}

/** Throws a Fault if the database hides samples from us: hidden samples are not gone. */
export async function refuseHiddenSamples({
  catalog,
}: {
  catalog: Pick<Catalog, 'hiddenTables'>;
}): Promise<void> {
  const hidden = await catalog.hiddenTables();
  if (hidesSamples(hidden))
    throw blockedFault(
      `row-level security hides rows of ${hidden.join(' and ')} from this role, so deleted samples cannot be told apart ` +
        'from hidden ones: use a role that sees every row (DATABASE_URL), or go on without --prune. Nothing was pruned',
    );
}

/**
 * Throws a Fault if pruning would delete more than half of the store: a DATABASE_URL of an empty or another catalog is
 * far likelier than so many deleted samples. `embeddings verify --repair` asks on a terminal instead. That command refuses a
 * catalog that holds none of the stored samples, too, so it is named only where some are left.
 */
export async function refuseShrunkCatalog({ catalog, store }: Parts): Promise<void> {
  await refuseHiddenSamples({ catalog });
  const stored = await store.countVectors();
  if (stored === 0) return;
  const samples = await catalog.count();
  if (samples === 0)
    throw blockedFault(`--prune: the catalog holds no sample at all: ${RIGHT_ONE} Nothing was pruned`);
  if (stored > 2 * samples)
    throw blockedFault(
      `--prune: the catalog holds ${samples} samples, the store ${stored} vectors, more than half of which would be deleted: ${RIGHT_ONE} ` +
        'Nothing was pruned. If so many samples really are gone, delete them with embeddings verify --repair',
    );
}

/** Throws a Fault if no stored sample is in the catalog. Call it before a run stores the catalog's samples. */
export async function refuseOtherCatalog(parts: Parts): Promise<void> {
  await refuseShrunkCatalog(parts);
  const { catalog, store } = parts;
  let after: number | null = null;
  while (true) {
    const ids = await store.vectorIds({ after, limit: PAGE });
    if (ids.length === 0 && after === null) return;
    if ((await catalog.whichExist(ids)).size > 0) return;
    if (ids.length < PAGE)
      throw blockedFault(
        `--prune: none of the stored samples is in the catalog: ${RIGHT_ONE} Nothing was pruned. If they really are gone, ` +
          'run once without --prune, then delete them with embeddings verify --repair',
      );
    after = ids.at(-1) ?? null;
  }
}
