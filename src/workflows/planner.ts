import { isCancellation, patched, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../contract/activities.js';
import { addPage } from './count.js';
import { describeFailure } from './outcome.js';
import { planPolicy } from './retry-policies.js';
import { served, toLibrary, wasUnserved } from './served.js';
import type { RunMemory } from './state.js';
import { pageSummary } from './summaries.js';
import { windowSize } from './window.js';

/**
 * Planning waits while so many bytes of batches are on their way: all of them may come back and be carried through
 * continue-as-new, with a page of half a million bytes at most that comes besides. Temporal's limit is 2 MB a payload.
 */
const MOST_BYTES = 1_000_000;

const { planPage } = proxyActivities<Activities>(planPolicy);

/** Keeps the queue of batches filled: the next page is planned while batches of the last are under way. */
export function createPlanner(memory: RunMemory) {
  let busy = false;

  const plan = async (): Promise<void> => {
    if (memory.plan === null) return;
    try {
      const page = await planPage.executeWithOptions(
        { ...toLibrary(memory), summary: pageSummary(memory.cursor) },
        [
          {
            plan: memory.plan,
            selection: memory.request.selection,
            exactTokens: memory.request.maxCostNanos !== null,
            after: memory.cursor,
            leftover: memory.leftover,
            nextBatch: memory.nextBatch,
          },
        ],
      );
      served(memory);
      addPage(memory, page);
    } catch (error) {
      // Planning costs nothing and loses nothing: whatever stopped it, the same page is planned again after `resume`.
      if (!isCancellation(error) && !wasUnserved(memory, error))
        memory.blockedBy = describeFailure(error).message;
    } finally {
      busy = false;
      memory.events += 1;
    }
  };

  return {
    busy: () => busy,
    finished: () => memory.planned,
    /** Starts planning a page when the queue runs low; `onPage` is called when it is in. `carriedBytes`: as it is now. */
    step(onPage: () => void, carriedBytes: () => number): void {
      const held = memory.blockedBy !== null || memory.pausedBy !== null;
      if (busy || memory.planned || held || memory.queue.length > windowSize(memory)) return;
      // Histories from before it was bounded go on as they began.
      if (carriedBytes() >= MOST_BYTES && patched('a queue bounded in bytes')) return;
      busy = true;
      void plan().then(onPage);
    },
  };
}
