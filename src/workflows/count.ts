import type { EmbedBatchResult, PlanPageResult } from '../contract/activities.js';
import { addFailures } from './failures.js';
import { heardOf } from './fleet.js';
import type { RunMemory } from './state.js';
import { addWaits } from './waits.js';

/** Adds the result of a batch to the run's totals. */
export function addResult(memory: RunMemory, result: EmbedBatchResult): void {
  const { totals } = memory;
  totals.stored += result.stored;
  totals.copied += result.copied;
  totals.unchanged += result.unchanged;
  totals.failed += result.failed;
  totals.noted += result.noted;
  totals.requests += result.requests;
  totals.tokens += result.tokens;
  totals.costNanos += result.costNanos;
  if (result.unpriced) totals.unpriced = (totals.unpriced ?? 0) + result.unpriced;
  memory.failures = addFailures(memory.failures ?? [], result.failures);
  // Results recorded by earlier versions have neither of these two fields.
  memory.uncertainNanos = (memory.uncertainNanos ?? 0) + (result.uncertainNanos ?? 0);
  memory.pacePerMinute = result.pacePerMinute ?? memory.pacePerMinute ?? null;
  const { nanosPerToken = null, maxInputs, worker, tookMs } = result;
  if (tookMs !== undefined && result.requests > 0) memory.waits = addWaits(memory.waits, tookMs);
  if (worker !== undefined && memory.fleet !== undefined)
    heardOf(memory.fleet, worker.id, worker.requests, Date.now());
  if (maxInputs !== undefined) memory.maxInputs = Math.min(maxInputs, memory.maxInputs ?? maxInputs);
  if (nanosPerToken !== null && nanosPerToken > (memory.nanosPerToken ?? 0))
    memory.nanosPerToken = nanosPerToken;
  if (result.lastId !== null && result.lastId > (totals.lastProcessedId ?? Number.NEGATIVE_INFINITY))
    totals.lastProcessedId = result.lastId;
}

/** Adds the result of a planned page to the totals, and its batches to the queue. */
export function addPage(memory: RunMemory, page: PlanPageResult): void {
  const { totals } = memory;
  memory.cursor = page.after;
  memory.planned = page.done;
  memory.leftover = page.leftover;
  memory.nextBatch += page.batches.length;
  memory.queue.push(...page.batches);
  totals.selected += page.selected;
  totals.unchanged += page.unchanged;
  totals.failed += page.failed;
  totals.stored += page.stored ?? 0;
  memory.failures = addFailures(memory.failures ?? [], page.failures);
}

/** Plans the selection again because the store held less than the run had stored. */
export function recount(memory: RunMemory): void {
  planAnew(memory);
  memory.recounts = (memory.recounts ?? 0) + 1;
}

/** Plans the selection again: amounts of money stay, counts of samples restart at 0. */
export function planAnew(memory: RunMemory): void {
  memory.planAgain = false;
  memory.cursor = null;
  memory.planned = false;
  memory.leftover = { ids: '', tokensBound: 0 };
  memory.failures = [];
  Object.assign(memory.totals, { selected: 0, stored: 0, unchanged: 0, failed: 0, copied: 0, noted: 0 });
}
