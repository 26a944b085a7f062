import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { EmbedBatchInput, EmbedBatchResult } from '../contract/activities.js';
import type { RunPlan } from '../contract/plan.js';
import { createInputLimit } from '../domain/input-limit.js';
import type { Measure, MeasuredSample } from '../domain/measure.js';
import { type FailedSample, noteFailures } from '../domain/note-failures.js';
import type { PlannedSamples } from '../domain/planned-samples.js';
import { renderSample } from '../domain/samples.js';
import { sortBatch } from '../domain/sort-batch.js';
import type { Store } from '../engines/store.js';
import type { Attempt, FailureRow, Waiter } from '../engines/types.js';
import { createRunSlots } from '../providers/pacing/run-slots.js';
import { expandIds } from '../sources/sample-ids.js';
import { createActiveBatches } from './active-batches.js';
import { createBatchClock } from './batch-times.js';
import { createBuyer } from './buy.js';
import { createCanary } from './canary.js';
import { createBatchWriter, createUnsaved } from './commits.js';
import type { Dependencies } from './dependencies.js';
import { forPlan } from './for-plan.js';
import { withHeartbeat } from './heartbeat.js';
import { createOneAtATime } from './one-at-a-time.js';
import { createShownPrices } from './shown-prices.js';

/** First and longest pause between two checks for texts that another batch is buying. */
const FIRST_LOOK_MS = 200;
const LAST_LOOK_MS = 2000;
/**
 * An attempt younger than this may still be answered after it was given up. Then the provider has the answer in its
 * cache, or the store has the vectors. When a worker is killed, its attempt is about this old before that is noticed.
 */
const LINGER_MS = 6000;

/**
 * Creates the activity that buys and stores one batch. It reads rows again, unless they were read a moment ago, so that
 * it stores the catalog's current texts. It skips samples stored with the current hash, so that a retry is free.
 * It buys identical texts once, even if another batch, run or machine is buying them at the same time. Counts are read
 * from store and ledger, so a retry reports the same.
 */
export const createEmbedBatch = (dependencies: Dependencies, planned: PlannedSamples, measure: Measure) => {
  const { catalog, limiter, throttle, log } = dependencies;
  const slots = createRunSlots(limiter);
  const id = randomUUID().slice(0, 8);
  const oneAtATime = createOneAtATime();
  const active = createActiveBatches();
  const canary = createCanary(dependencies);
  const unsaved = createUnsaved();
  const prices = createShownPrices(dependencies.store);
  const inputs = createInputLimit((atMost) =>
    log.warn(
      { inputs: atMost },
      `the provider takes at most ${atMost} texts per request: set BATCH_SIZE=${atMost} to plan such batches`,
    ),
  );

  return (input: EmbedBatchInput): Promise<EmbedBatchResult> =>
    withHeartbeat((signal) =>
      oneAtATime(`${input.plan.runId} ${input.batchId}`, () =>
        active.run(input.plan.runId, signal, (own) => embed(input, own)),
      ),
    );

  async function embed(input: EmbedBatchInput, signal: AbortSignal): Promise<EmbedBatchResult> {
    const { plan, batchId, isolate = false, reservedNanos = null } = input;
    const own = forPlan(dependencies, plan);
    const { store } = own;
    if (input.limited === true) throttle.startSlowly();
    inputs.applyLearned(input.maxInputs ?? null);
    await unsaved.save(store, { runId: plan.runId, batchId }, signal);
    const wanted = expandIds(input.ids);
    const samples = await samplesOf(own, plan, wanted, reservedNanos !== null);
    const clock = createBatchClock();
    const writer = createBatchWriter(store, { plan, batchId, unsaved, clock, signal });
    const nanosPerToken = input.nanosPerToken ?? plan.nanosPerToken;
    const buyer = createBuyer(own, {
      plan,
      batchId,
      canary,
      writer,
      reservedNanos,
      nanosPerToken,
      prices,
      isolate,
      partOf: partsOf(wanted, input.parts),
      inputs,
      clock,
      inSlot: slots.of(plan.runId, input.concurrency),
      blocked: (error) => active.blocked(plan.runId, error),
      signal,
    });
    const noted = samples.filter((sample) => sample.notes.length > 0);
    for (const { id, textId = id, notes } of noted)
      log.warn({ run: plan.runId, batch: batchId, sample: textId, notes }, 'fields left out as unusable');
    const there = new Set(samples.map((sample) => sample.id));
    await buyer.deleted(wanted.filter((id) => !there.has(id)));
    await buyer.unreadable(samples.filter((sample) => sample.unreadable !== undefined));
    const readable = samples.filter((sample) => sample.unreadable === undefined);
    if (isolate && readable.length > 0) await buyer.confirm(readable);

    const refusedBefore: FailedSample[] = [];
    for (let open = readable; open.length > 0; ) {
      const attempt = buyer.attempt(open);
      const claim = await clock.time('store', () => claimed(store, attempt, open, plan, signal));
      writer.underFence(claim.fence);
      const sorted = sortBatch(open, claim, plan);
      buyer.count(sorted);
      for (const { id } of sorted.refused) refusedBefore.push(claim.refused.get(id) as FailureRow);
      await buyer.buy(attempt, sorted.buy, sorted.copy);
      open = sorted.elsewhere;
      await untilChanged(store, open, { runId: plan.runId, batchId, ...onlyOwn(plan) }, signal);
    }
    const account = await writer.account();
    const maxInputs = inputs.learned();
    const dearest = Math.max(account.nanosPerToken ?? 0, buyer.dearest() ?? 0);
    return {
      ...buyer.tally,
      ...account,
      noted: noted.length,
      nanosPerToken: dearest > 0 ? dearest : null,
      pacePerMinute: throttle.perMinute,
      worker: { id, requests: limiter.limit },
      tookMs: clock.times,
      ...(maxInputs !== null && { maxInputs }),
      lastId: wanted.at(-1) ?? null,
      ...noteFailures([...refusedBefore, ...buyer.failures]),
    };
  }

  /**
   * Claims the texts. If the claim gave up an attempt that may still be answered, waits and keeps the claim, so that no
   * other batch buys one of these texts and the repeated request is the same.
   */
  async function claimed(
    store: Store,
    attempt: Attempt,
    samples: readonly MeasuredSample[],
    plan: RunPlan,
    signal: AbortSignal,
  ) {
    const ids = samples.map((sample) => sample.id);
    const options = onlyOwn(plan);
    const claim = await store.claim(attempt, ids, options);
    const linger = claim.gaveUpAgoMs === null ? 0 : LINGER_MS - claim.gaveUpAgoMs;
    if (linger <= 0) return claim;
    try {
      // The upper limit holds even if a clock is wrong.
      await wait(Math.min(linger, LINGER_MS), undefined, { signal });
    } catch (error) {
      await store.withdraw([attempt.requestId]);
      throw error;
    }
    return store.claim(attempt, ids, options);
  }

  /** Waits until one of these texts is stored, or no longer being bought by another attempt. Only reads. */
  async function untilChanged(
    store: Store,
    samples: readonly MeasuredSample[],
    waiter: Waiter,
    signal: AbortSignal,
  ): Promise<void> {
    if (samples.length === 0) return;
    const hashes = [...new Set(samples.map((sample) => sample.hash))];
    let pause = FIRST_LOOK_MS;
    do {
      await wait(pause, undefined, { signal });
      pause = Math.min(LAST_LOOK_MS, pause * 1.5);
    } while (await store.stillPending(hashes, waiter));
  }

  async function samplesOf(
    { form }: Pick<Dependencies, 'form'>,
    plan: RunPlan,
    ids: readonly number[],
    exact: boolean,
  ): Promise<MeasuredSample[]> {
    const fresh = planned.take(plan.runId, ids);
    if (fresh.length === ids.length) return fresh;
    const known = new Set(fresh.map((sample) => sample.id));
    const rows = await catalog.readIds(ids.filter((id) => !known.has(id)));
    const read = await measure(
      rows.map((row) => renderSample(row, plan, form)),
      plan,
      exact,
    );
    return [...fresh, ...read].sort((a, b) => a.id - b.id);
  }
};

/** Returns a function from id to part. `ids` are in the order of `parts`, which are the sizes; default one part, 0. */
function partsOf(ids: readonly number[], parts: readonly number[] = []): (id: number) => number {
  const all = parts.flatMap((count, part) => Array<number>(count).fill(part));
  const byId = new Map(all.map((part, at) => [ids[at], part]));
  return (id) => byId.get(id) ?? 0;
}

/** A run that embeds everything again copies only vectors that it bought itself. */
const onlyOwn = ({ reset, runId }: RunPlan): { onlyRun?: string } => (reset ? { onlyRun: runId } : {});
