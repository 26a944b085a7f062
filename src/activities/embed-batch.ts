import { setTimeout as wait } from 'node:timers/promises';
import { expandIds } from '../catalog/sample-ids.js';
import type { EmbedBatchInput, EmbedBatchResult, RunPlan } from '../contract.js';
import { tokenMeasure } from '../embedding/tokens.js';
import type { Claim, FailureRow } from '../store/types.js';
import { createBuyer } from './buy.js';
import type { Dependencies } from './dependencies.js';
import { createDoubt } from './doubt.js';
import { withHeartbeat } from './heartbeat.js';
import { type FailedSample, noteFailures } from './note-failures.js';
import { createOneAtATime } from './one-at-a-time.js';
import type { PlannedSamples } from './planned-samples.js';
import { refuseOutgrown } from './reservation.js';
import { type RenderedSample, renderSample, standing } from './samples.js';

/** How often a batch looks whether a text that another batch is buying has arrived. */
const LOOK_AGAIN_MS = 200;
/**
 * An attempt that was opened so lately and given up on may yet be answered: once it is, the provider has the answer in
 * its cache, or the store has the vectors. A killed worker's attempt is about as old when it is noticed.
 */
const LINGER_MS = 6000;

/**
 * Buys and stores one batch. Rows are read again, unless they were read a moment ago, so that what is stored is what
 * the catalog says now; what is already stored with today's hash is dropped, so that a retry is free; identical texts
 * are bought once, also when another batch is buying them at this moment. Counts follow from store and ledger, so a
 * retry reports the same.
 */
export const createEmbedBatch = (dependencies: Dependencies, planned: PlannedSamples) => {
  const { catalog, store, limiter, throttle, log } = dependencies;
  const oneAtATime = createOneAtATime();
  const doubt = createDoubt(dependencies);

  return (input: EmbedBatchInput): Promise<EmbedBatchResult> =>
    withHeartbeat((signal) => oneAtATime(`${input.plan.runId} ${input.batchId}`, () => embed(input, signal)));

  async function embed(input: EmbedBatchInput, signal: AbortSignal): Promise<EmbedBatchResult> {
    const { plan, batchId } = input;
    limiter.setLimit(input.concurrency);
    if (input.limited === true) throttle.beCareful();
    const wanted = expandIds(input.ids);
    const samples = await samplesOf(plan, wanted);
    const { reservedNanos = null } = input;
    const measure = await tokenMeasure(plan.model, reservedNanos !== null);
    const buyer = createBuyer(dependencies, { plan, batchId, measure, doubt, reservedNanos, signal });
    let noted = 0;
    for (const { id, notes } of samples) {
      if (notes.length === 0) continue;
      noted += 1;
      log.warn({ run: plan.runId, batch: batchId, sample: id, notes }, 'fields left out as unusable');
    }
    const there = new Set(samples.map((sample) => sample.id));
    await buyer.deleted(wanted.filter((id) => !there.has(id)));
    await buyer.unreadable(samples.filter((sample) => sample.unreadable !== undefined));

    const refusedBefore: FailedSample[] = [];
    let open = samples.filter((sample) => sample.unreadable === undefined);
    while (open.length > 0) {
      const attempt = buyer.attempt(open);
      const ids = open.map((sample) => sample.id);
      const claim = await store.claim(attempt, ids, plan.reset ? { onlyRun: plan.runId } : {});
      const linger = claim.gaveUpOn === null ? 0 : claim.gaveUpOn + LINGER_MS - Date.now();
      if (linger > 0) {
        await store.withdraw(attempt.requestId);
        // At most that long, whatever the other machine's clock says.
        await wait(Math.min(linger, LINGER_MS), undefined, { signal });
        continue;
      }
      const sorted = sort(open, claim, plan);
      buyer.count(sorted);
      for (const { id } of sorted.refused) refusedBefore.push(claim.refused.get(id) as FailureRow);
      if (reservedNanos !== null)
        await refuseOutgrown(store, attempt, buyer.attempt(sorted.buy).boundNanos, reservedNanos);
      await buyer.buy(attempt, sorted.buy, sorted.copy);
      open = sorted.elsewhere;
      if (open.length > 0) await wait(LOOK_AGAIN_MS, undefined, { signal });
    }
    const account = buyer.account() ?? (await store.accountBatch(plan.runId, batchId));
    const { perMinute: pacePerMinute } = throttle;
    const failures = noteFailures([...refusedBefore, ...buyer.failures]);
    return { ...buyer.tally, ...account, noted, pacePerMinute, lastId: wanted.at(-1) ?? null, ...failures };
  }

  async function samplesOf(plan: RunPlan, ids: readonly number[]): Promise<RenderedSample[]> {
    const fresh = planned.take(plan.runId, ids);
    if (fresh.length === ids.length) return fresh;
    const known = new Set(fresh.map((sample) => sample.id));
    const rows = await catalog.readIds(ids.filter((id) => !known.has(id)));
    return [...fresh, ...rows.map((row) => renderSample(row, plan))].sort((a, b) => a.id - b.id);
  }
};

export interface SortedBatch {
  /** Stored by this run already: an earlier attempt's work. */
  ours: RenderedSample[];
  /** Up to date since they were planned. */
  unchanged: RenderedSample[];
  /** Rejected for good by an earlier attempt of this run, whose report was lost: not sent again. */
  refused: RenderedSample[];
  /** Text bought before: copy the vector. */
  copy: RenderedSample[];
  /** Text that another batch is buying right now. */
  elsewhere: RenderedSample[];
  buy: RenderedSample[];
}

/** Each sample into exactly one class. */
function sort(samples: readonly RenderedSample[], claim: Claim, plan: RunPlan): SortedBatch {
  const stored = new Map(claim.stored.map((row) => [row.sampleId, row]));
  const sorted: SortedBatch = { ours: [], unchanged: [], refused: [], copy: [], elsewhere: [], buy: [] };
  for (const sample of samples) {
    const is = standing(sample, stored.get(sample.id), plan);
    if (is === 'ours') sorted.ours.push(sample);
    else if (is === 'current') sorted.unchanged.push(sample);
    else if (claim.refused.get(sample.id)?.contentHash === sample.hash) sorted.refused.push(sample);
    else if (claim.available.has(sample.hash)) sorted.copy.push(sample);
    else if (claim.pendingElsewhere.has(sample.hash)) sorted.elsewhere.push(sample);
    else sorted.buy.push(sample);
  }
  return sorted;
}
