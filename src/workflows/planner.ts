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
 * Bytes of queued and running batches from which planning waits. Continue-as-new may have to carry all of them, plus
 * one page of at most half a million bytes. Temporal's limit is 2 MB a payload.
 */
const MOST_BYTES = 1_000_000;

const { planPage } = proxyActivities<Activities>(planPolicy);

/** Creates the planner, which keeps the queue filled: it plans a page while batches of the last one are under way. */
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
      // Planning costs nothing: after any error the same page is planned again, once the run is resumed.
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
    /** Starts planning a page when the queue runs low, then calls `onPage`. `carriedBytes`: see the dispatcher. */
    step(onPage: () => void, carriedBytes: () => number): void {
      const held = memory.blockedBy !== null || memory.pausedBy !== null;
      if (busy || memory.planned || held || memory.queue.length > windowSize(memory)) return;
      // Histories from before this bound replay unchanged.
      if (carriedBytes() >= MOST_BYTES && patched('a queue bounded in bytes')) return;
      busy = true;
      void plan().then(onPage);
    },
  };
}
