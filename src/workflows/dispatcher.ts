import { isCancellation, patched, proxyActivities } from '@temporalio/workflow';
import type { Activities, EmbedBatchResult } from '../contract/activities.js';
import { FailureType } from '../contract/failure.js';
import type { BatchPlan } from '../contract/plan.js';
import { affordable, dearestPrice, inDollars, reserveOf, uncertainAtDearest } from './budget.js';
import { addResult } from './count.js';
import { joinedOf, mostJoined } from './join-batches.js';
import { type BatchFailure, describeFailure } from './outcome.js';
import { createParking } from './parking.js';
import { embedPolicy } from './retry-policies.js';
import { served, toLibrary, wasUnserved } from './served.js';
import type { RunMemory } from './state.js';
import { batchSummary } from './summaries.js';
import { closed, refused, requestsAllowed, succeeded, windowSize } from './window.js';

/** How often a batch may lose its worker before the batch itself is suspected. */
const LOST_LIMIT = 20;
/** 429s that a batch may get before its texts are suspected; a canary request then shows whether they are at fault. */
const LIMITED_LIMIT = 5;
/** 429s in a row, over all batches, after which a canary request precedes the batch: its texts may be the cause. */
const REFUSED_IN_A_ROW = 3;
/** A longer wait is not rate limiting: a run with `onBlocked: 'fail'` ends, any other run shows why it waits. */
const LONG_WAIT_MS = 15 * 60_000;
/** How long the store or the catalog may be away before the run asks for a person. */
const AWAY_LIMIT_MS = 5 * 60_000;
/** The longest wait before a batch looks again whether it is back. */
const AWAY_WAIT_MS = 20_000;

const { embedBatch } = proxyActivities<Activities>(embedPolicy(0));

/**
 * Creates the dispatcher, which sends batches through a bounded window and handles those that end without a result.
 * `isolates`: the run began with version 0.2 or later; see `createParking` and `room`.
 */
export function createDispatcher(memory: RunMemory, { isolates }: { isolates: boolean }) {
  const underWay = new Map<string, BatchPlan>();
  const count = (result: EmbedBatchResult): void => addResult(memory, result);
  const parking = createParking(memory, { isolates, count });

  const giveBack = (sent: BatchPlan, failure: BatchFailure): void => {
    const batch: BatchPlan = { ...sent, begun: true, ...tried(sent, failure) };
    if (failure.type === 'Lost' && (batch.lost ?? 0) < LOST_LIMIT) {
      memory.queue.unshift({ ...batch, lost: (batch.lost ?? 0) + 1 });
    } else if (failure.type === FailureType.Outgrown) {
      const { needNanos, spentNanos } = failure;
      memory.queue.unshift({
        ...batch,
        ...(needNanos != null && { reserveNanos: needNanos }),
        ...(spentNanos != null && { spentNanos }),
      });
    } else if (failure.type === FailureType.RateLimited) {
      limit(batch, failure);
    } else if (failure.type === FailureType.Unavailable) {
      memory.queue.unshift(batch);
      waitForReturn(failure.message);
    } else if (failure.type === FailureType.Blocked) {
      memory.queue.unshift(batch);
      memory.blockedBy ??= failure.message;
    } else {
      const { message } = failure;
      const reason = failure.type === 'Lost' ? FailureType.Transient : failure.type;
      parking.park(failure.canary === true ? { ...batch, isolate: false } : batch, { reason, message });
      if (failure.canary === true) memory.blockedBy ??= message;
    }
  };

  /** Handles a 429: closes the gate. After repeated 429s the batch is isolated, since its texts may be the cause. */
  const limit = (batch: BatchPlan, { message, retryAfterMs }: BatchFailure): void => {
    const passed = memory.passed ?? 0;
    const limited = (batch.limited ?? 0) + 1;
    // A batch that was sent before the gate closed is not counted: its 429 is no new information.
    if (Date.now() >= memory.window.closedUntil) memory.refusedInARow = (memory.refusedInARow ?? 0) + 1;
    const inARow = memory.refusedInARow ?? 0;
    const suspect = limited >= LIMITED_LIMIT || inARow >= REFUSED_IN_A_ROW || batch.isolate === true;
    const next = {
      ...batch,
      ...(isolates && { limited, limitedAt: passed, ...(suspect && { isolate: true }) }),
    };
    // After two 429s without a success in between, another batch goes first. A suspected batch keeps its place: its
    // canary request can test the gate.
    if (isolates && batch.limitedAt === passed && !suspect) memory.queue.push(next);
    else memory.queue.unshift(next);
    const close = (memory.pacePerMinute ?? null) === null ? refused : closed;
    memory.window = close(memory.window, Date.now(), retryAfterMs);
    const long = retryAfterMs !== null && retryAfterMs > LONG_WAIT_MS;
    if (long && isolates && memory.request.onBlocked === 'fail') memory.blockedBy ??= message;
    if (long) memory.closedBecause = message;
    else delete memory.closedBecause;
  };

  /** Closes the gate while the store or the catalog is away; one batch at a time looks whether it is back. */
  const waitForReturn = (message: string): void => {
    const now = Date.now();
    memory.away = { since: memory.away?.since ?? now, message };
    if (now - memory.away.since >= AWAY_LIMIT_MS) memory.blockedBy ??= message;
    memory.window = refused(memory.window, now, Math.min(AWAY_WAIT_MS, 1000 * 2 ** memory.window.refusals));
  };

  const send = async (batch: BatchPlan): Promise<void> => {
    const { plan, request } = memory;
    if (plan === null) return;
    delete memory.booked;
    try {
      const nanosPerToken = dearestPrice(memory);
      const input = {
        plan,
        batchId: batch.id,
        ids: batch.ids,
        ...(batch.parts !== undefined && { parts: batch.parts }),
        concurrency: requestsAllowed(memory),
        reservedNanos: request.maxCostNanos === null ? null : reserveOf(batch, nanosPerToken),
        limited: (memory.pacePerMinute ?? null) !== null,
        nanosPerToken,
        ...(batch.isolate === true && { isolate: true }),
        ...(memory.maxInputs !== undefined && { maxInputs: memory.maxInputs }),
      };
      const policy = embedPolicy(request.maxRetries, isolates ? batch.tries : 0);
      const result = await embedBatch.executeWithOptions(
        { ...policy, ...toLibrary(memory), summary: batchSummary(batch) },
        [input],
      );
      served(memory);
      count(result);
      delete memory.away;
      memory.window = succeeded(memory.window, request.concurrency);
      if (!isolates) parking.afterSuccess();
      // A result without a request shows nothing about the provider: all samples were stored already or copied.
      else if (result.requests > 0) {
        memory.passed = (memory.passed ?? 0) + 1;
        memory.refusedInARow = 0;
        memory.priceProven = true;
        parking.afterSuccess();
      }
    } catch (error) {
      // An unserved batch counts as begun too: an earlier try of the same activity may have sent requests.
      if (isCancellation(error) || wasUnserved(memory, error))
        memory.queue.unshift({ ...batch, begun: true });
      else giveBack(batch, describeFailure(error));
    } finally {
      underWay.delete(batch.id);
      memory.events += 1;
    }
  };

  /** Returns all batches whose cost may not be in the totals yet. */
  const begun = (): BatchPlan[] => [
    ...underWay.values(),
    ...memory.parked.map((parked) => parked.batch),
    ...parking.beingFailed(),
    ...memory.queue.filter((batch) => batch.begun === true),
  ];

  /** Pauses the run at its cap. With `onBlocked: 'fail'` it ends instead; the next run continues from there. */
  const stopAtCap = (): void => {
    if (memory.request.onBlocked === 'fail' && patched('a cap ends a run that must not wait'))
      memory.blockedBy = 'the next batch might pass --max-cost; what is stored stays, the next run goes on';
    else
      memory.pausedBy = `the next batch might pass --max-cost${amounts()}; raise it with: embeddings resume --max-cost USD`;
  };

  /** Returns the cap and the amount that is compared with it, as text for the reason. */
  const amounts = (): string => {
    const { maxCostNanos } = memory.request;
    const [next] = memory.queue;
    if (maxCostNanos === null || next === undefined) return '';
    const spent = memory.totals.costNanos + uncertainAtDearest(memory);
    let reserved = 0;
    for (const batch of begun()) if (batch.id !== next.id) reserved += reserveOf(batch, dearestPrice(memory));
    const least = spent + reserved + reserveOf(next, dearestPrice(memory));
    return ` (it is ${inDollars(maxCostNanos)} USD, and ${inDollars(least)} may be needed)`;
  };

  /** Returns whether the run has met no stored vector yet: an answer must show how long the model's vectors are. */
  const isEmpty = (): boolean =>
    memory.fleet !== undefined &&
    memory.totals.unchanged + memory.totals.stored === 0 &&
    ((memory.plan?.generation?.number ?? 1) > 1 ||
      patched('the first request into an empty store goes alone'));

  const idle = (): boolean => underWay.size === 0 && [...parking.beingFailed()].length === 0;

  const gateClosed = (): boolean => memory.window.closedUntil > Date.now();

  /**
   * Returns how many requests may be under way, including those that wait. Under a cap the first request of a run, and
   * of each resume, is sent alone: its answer shows the real price, which may differ from the price list. The first
   * request into an empty store or generation is sent alone too: its answer shows the real vector length.
   */
  const room = (): number => {
    const proves =
      isolates && memory.priceProven !== true && (memory.request.maxCostNanos !== null || isEmpty());
    // No worker is known to serve the queue: one batch is enough to notice when one does.
    return proves || memory.unserved !== undefined ? 1 : windowSize(memory);
  };

  const requestsUnderWay = (): number => {
    let requests = 0;
    for (const batch of underWay.values()) requests += requestsIn(batch);
    return requests;
  };

  /** Returns how many planned batches the next activity may take: 1 for a short queue, so that all workers get work. */
  const most = (): number => {
    const joined = isolates && memory.queue.length >= room() / 2 ? mostJoined(memory) : 1;
    return joined > 1 && patched('batches are joined') ? joined : 1;
  };

  /** Sends what window and cap allow. @returns what is left: nothing, a batch beyond the cap, or other batches. */
  const sendWhatFits = (): 'nothing' | 'unaffordable' | 'more' => {
    if (memory.blockedBy !== null || memory.pausedBy !== null || memory.plan === null || gateClosed())
      return 'more';
    for (;;) {
      const next = joinedOf(memory.queue, most());
      if (next === null || parking.holds(next.batch, underWay.values())) break;
      const { batch, taken } = next;
      // A joined batch that is larger than the window is sent alone.
      if (underWay.size > 0 && requestsUnderWay() + requestsIn(batch) > room()) break;
      if (!affordable(memory, begun(), batch)) {
        // Batches under way may cost less than their bound: the cap is checked again when they are done.
        return idle() ? 'unaffordable' : 'more';
      }
      memory.queue.splice(0, taken);
      underWay.set(batch.id, batch);
      void send(batch);
    }
    return memory.queue.length === 0 && underWay.size === 0 ? 'nothing' : 'more';
  };

  return {
    underWay: requestsUnderWay,
    /** The most that the batches under way may cost, nanodollars. */
    mayCost: (): number => {
      let nanos = 0;
      for (const batch of underWay.values()) nanos += reserveOf(batch, dearestPrice(memory));
      return nanos;
    },
    idle,
    /** Approximate bytes of the batches that continue-as-new would carry if all batches under way came back now. */
    carriedBytes: (): number => {
      let bytes = 0;
      for (const batch of memory.queue) bytes += bytesOf(batch);
      for (const batch of underWay.values()) bytes += bytesOf(batch);
      return bytes;
    },
    /** Milliseconds until the gate opens, if the run waits for that; null: wait for an event. */
    waitMs: (): number | null =>
      memory.blockedBy === null && gateClosed() ? Math.max(1, memory.window.closedUntil - Date.now()) : null,
    /** Sends what may be sent now. `planned`: no further page will come. */
    step(planned: boolean): void {
      let left = sendWhatFits();
      const alone = (planned && left === 'nothing') || (isolates && left === 'unaffordable');
      if (alone && memory.parked.length > 0) {
        parking.atEnd();
        // `atEnd` may have queued batches to be isolated. Their cost is reserved already.
        left = sendWhatFits();
      }
      if (left === 'unaffordable') stopAtCap();
    },
    /** Puts parked batches back into the queue after `resume`; the price must be proven again. */
    goOn(): void {
      parking.requeue();
      memory.priceProven = false;
      delete memory.closedBecause;
      delete memory.away;
    },
  };
}

/** Each part of a batch is normally one request. */
const requestsIn = ({ parts }: BatchPlan): number => parts?.length ?? 1;

/** Approximate bytes of JSON that a batch takes besides its ids. */
const BESIDES_BYTES = 150;
const bytesOf = ({ ids }: BatchPlan): number => ids.length + BESIDES_BYTES;

/** Returns the batch's tries including those of an activity that ended without a result. */
const tried = (batch: BatchPlan, { tries }: BatchFailure): Pick<BatchPlan, 'tries'> =>
  tries > 0 ? { tries: (batch.tries ?? 0) + tries } : {};

export type Dispatcher = ReturnType<typeof createDispatcher>;
