import { isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities, StoredCount } from '../contract/activities.js';
import type { Totals } from '../contract/progress.js';
import { recount } from './count.js';
import { describeFailure } from './outcome.js';
import { planPolicy } from './retry-policies.js';
import { served, toLibrary, wasUnserved } from './served.js';
import type { RunMemory } from './state.js';
import { CONFIRM_SUMMARY } from './summaries.js';

/** A selection that is planned so often and is still not there is being deleted by somebody else. */
const MOST_RECOUNTS = 3;

const { countStored } = proxyActivities<Activities>(planPolicy);

/**
 * Whether the store holds what the run says it has stored: a store that was restored from a backup meanwhile does not.
 * Where it does not, the selection is planned again, which costs nothing but reading, and at last the run blocks.
 */
export async function isStored(memory: RunMemory): Promise<boolean> {
  const { plan, request, totals } = memory;
  // The failures that such a run was asked about are gone once they are stored: it cannot be planned again.
  if (plan === null || request.selection.kind === 'failed') return true;
  try {
    const there = await countStored.executeWithOptions({ ...toLibrary(memory), summary: CONFIRM_SUMMARY }, [
      { plan },
    ]);
    served(memory);
    if (isWhole(totals, there)) return true;
    if ((memory.recounts ?? 0) >= MOST_RECOUNTS) {
      memory.blockedBy = `the store holds ${there.all} vectors, ${there.byRun} of this run, where ${totals.stored + totals.unchanged} should be, ${totals.stored} of this run: is something else deleting them?`;
      memory.recounts = 0;
    } else recount(memory);
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (!wasUnserved(memory, error)) memory.blockedBy = describeFailure(error).message;
  } finally {
    memory.events += 1;
  }
  return false;
}

const isWhole = (totals: Totals, { byRun, all }: StoredCount): boolean =>
  byRun >= totals.stored && all >= totals.stored + totals.unchanged;
