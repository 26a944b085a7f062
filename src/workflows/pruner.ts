import { isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../contract/activities.js';
import { describeFailure } from './outcome.js';
import { planPolicy } from './retry-policies.js';
import { served, toLibrary, wasUnserved } from './served.js';
import type { RunMemory } from './state.js';

const { pruneSlice } = proxyActivities<Activities>(planPolicy);

/** Creates the pruner, which deletes what the catalog no longer holds, one slice at a time, if the run asks for it. */
export function createPruner(memory: RunMemory) {
  let busy = false;

  const finished = (): boolean => memory.request.prune !== true || memory.prune?.done === true;

  const prune = async (): Promise<void> => {
    if (memory.plan === null) return;
    const { table, after } = memory.prune ?? { table: 'vectors', after: null };
    try {
      const { pruned, ...cursor } = await pruneSlice.executeWithOptions(toLibrary(memory), [
        { plan: memory.plan, table, after },
      ]);
      served(memory);
      memory.prune = cursor;
      memory.totals.pruned = pruned;
    } catch (error) {
      // Deleted rows are counted already; after `resume` the same slice is checked again.
      if (!isCancellation(error) && !wasUnserved(memory, error))
        memory.blockedBy = describeFailure(error).message;
    } finally {
      busy = false;
      memory.events += 1;
    }
  };

  return {
    busy: () => busy,
    finished,
    /** Starts a slice unless one is under way; calls `onSlice` when it is done. */
    step(onSlice: () => void): void {
      if (busy || finished() || memory.blockedBy !== null || memory.pausedBy !== null) return;
      busy = true;
      void prune().then(onSlice);
    },
  };
}
