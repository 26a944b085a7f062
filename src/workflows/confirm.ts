import { isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities, StoredCount } from '../contract/activities.js';
import type { Totals } from '../contract/progress.js';
import { recount } from './count.js';
import { describeFailure } from './outcome.js';
import { planPolicy } from './retry-policies.js';
import { served, toLibrary, wasUnserved } from './served.js';
import type { RunMemory } from './state.js';
import { CONFIRM_SUMMARY } from './summaries.js';

/** After this many recounts with vectors still missing, something else must be deleting them. */
const MOST_RECOUNTS = 3;

const { countStored } = proxyActivities<Activities>(planPolicy);

/**
 * Returns whether the store holds what the run has stored. A store that was restored from a backup meanwhile does not.
 * In that case the selection is planned again, which costs only reads; after several times the run blocks.
 */
export async function isStored(memory: RunMemory): Promise<boolean> {
  const { plan, request, totals } = memory;
  // A run over failed samples cannot be planned again: the recorded failures are gone once the samples are stored.
  if (plan === null || request.selection.kind === 'failed') return true;
  try {
    const there = await countStored.executeWithOptions({ ...toLibrary(memory), summary: CONFIRM_SUMMARY }, [
      { plan },
    ]);
    served(memory);
    if (isWhole(totals, there)) return true;
    if ((memory.recounts ?? 0) >= MOST_RECOUNTS) {
      memory.blockedBy = `the store holds ${there.all} vectors, ${there.byRun} of this run, instead of ${totals.stored + totals.unchanged}, ${totals.stored} of this run: is something else deleting them?`;
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
