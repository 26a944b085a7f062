import type { PruneSliceInput, PruneSliceResult } from '../contract/activities.js';
import { refuseShrunkCatalog } from '../domain/prune-guard.js';
import { removeGone } from '../domain/remove-gone.js';
import type { Dependencies } from './dependencies.js';
import { withHeartbeat } from './heartbeat.js';

const PAGE = 1000;
/** Pages for one activity, so that a pause or a cancel takes effect between two activities. */
const PAGES = 20;

/** Creates the activity that deletes stored rows of samples missing in the catalog, among the next 20,000 ids. */
export const createPruneSlice =
  ({ catalog, store: all, log }: Pick<Dependencies, 'catalog' | 'store' | 'log'>) =>
  ({ plan: { runId, generation }, ...from }: PruneSliceInput): Promise<PruneSliceResult> =>
    withHeartbeat(async (signal) => {
      const store = all.of(generation?.number ?? 1);
      // Checked for each slice: a catalog may be emptied and refilled while it is compared.
      await refuseShrunkCatalog({ catalog, store });
      let { table, after } = from;
      let done = false;
      for (let page = 0; page < PAGES && !done; page++) {
        signal.throwIfAborted();
        const ids =
          table === 'vectors'
            ? await store.vectorIds({ after, limit: PAGE })
            : (await store.listFailures({ after, limit: PAGE })).map((row) => row.sampleId);
        const there = await catalog.whichExist(ids);
        const gone = ids.filter((id) => !there.has(id));
        if (gone.length > 0) log.info({ run: runId, table, samples: gone.length }, 'pruning');
        if (table === 'vectors') await removeGone({ catalog, store }, gone, runId);
        else await store.removeFailures(gone, runId);
        if (ids.length === PAGE) after = ids.at(-1) ?? null;
        else if (table === 'failures') done = true;
        else [table, after] = ['failures', null];
      }
      return { table, after, done, pruned: await store.prunedBy(runId) };
    });
