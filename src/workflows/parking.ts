import { isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities, EmbedBatchResult } from '../contract/activities.js';
import type { BatchPlan } from '../contract/plan.js';
import { type BatchFailure, describeFailure } from './outcome.js';
import { recordPolicy } from './retry-policies.js';
import { toLibrary, wasUnserved } from './served.js';
import type { ParkedBatch, RunMemory } from './state.js';
import { batchSummary } from './summaries.js';

/** Parked batches without a success in between after which the run tests whether any request passes. */
const IN_A_ROW = 3;

const { failBatch } = proxyActivities<Activities>(recordPolicy);

export interface Parking {
  /** Keeps a batch that has used up its retries. */
  park(batch: BatchPlan, failure: Pick<BatchFailure, 'message'> & { reason: string }): void;
  /** Decides on parked batches once the provider has answered another batch. */
  afterSuccess(): void;
  /** Decides on parked batches when nothing else is left to send. */
  atEnd(): void;
  /** Returns whether `batch` must wait until an isolated batch has shown whether any request passes. */
  holds(batch: BatchPlan, underWay: Iterable<BatchPlan>): boolean;
  /** Returns the batches that are being recorded as failed: their cost is not in the totals yet. */
  beingFailed(): Iterable<BatchPlan>;
  /** Puts parked batches back into the queue after `resume`, with all their tries. */
  requeue(): void;
}

/**
 * Keeps batches that have used up their retries until it is clear whether their texts or the provider are at fault.
 *
 * A parked batch is sent once more to isolate the texts at fault, starting with a canary request. This happens as soon
 * as another batch has passed, when three have failed in a row, or when nothing else is left. If the canary fails too,
 * the run blocks. If the batch fails again, it is recorded as failed if other batches pass; otherwise the run blocks.
 *
 * `isolates`: false for runs that began before version 0.2, which record a parked batch as failed at once.
 */
export function createParking(
  memory: RunMemory,
  { isolates, count }: { isolates: boolean; count: (result: EmbedBatchResult) => void },
): Parking {
  const failing = new Map<string, BatchPlan>();

  const passedSince = ({ passed = 0 }: ParkedBatch): boolean => (memory.passed ?? 0) > passed;

  const fail = async (parked: ParkedBatch): Promise<void> => {
    const { plan } = memory;
    if (plan === null) return;
    const { batch, reason, message } = parked;
    failing.set(batch.id, batch);
    try {
      const attempts = memory.request.maxRetries + 1;
      const input = { plan, batchId: batch.id, ids: batch.ids, reason, message, attempts };
      const summary = `write down as failed: ${batchSummary(batch)}`;
      count(await failBatch.executeWithOptions({ ...toLibrary(memory), summary }, [input]));
    } catch (error) {
      memory.parked.push(parked);
      if (!isCancellation(error) && !wasUnserved(memory, error))
        memory.blockedBy = describeFailure(error).message;
    } finally {
      failing.delete(batch.id);
      memory.events += 1;
    }
  };

  const failAll = async (): Promise<void> => {
    for (const parked of memory.parked.splice(0)) await fail(parked);
  };

  const isolate = ({ batch, passed = 0 }: ParkedBatch): void => {
    memory.queue.unshift({ ...batch, isolate: true, tries: 0, passedBefore: passed });
  };

  const block = (message: string): void => {
    memory.blockedBy ??= `no request succeeds any more: ${message}`;
  };

  const settle = (which: (parked: ParkedBatch) => boolean): void => {
    const all = memory.parked.splice(0);
    memory.parked.push(...all.filter((parked) => !which(parked)));
    for (const parked of all.filter(which)) {
      if (parked.batch.isolate !== true) isolate(parked);
      else if (passedSince(parked)) void fail(parked);
      else {
        memory.parked.push(parked);
        block(parked.message);
      }
    }
  };

  /** Returns whether this batch tests if any request passes. */
  const asksForAll = ({ isolate, passedBefore }: BatchPlan): boolean =>
    isolate === true && passedBefore !== undefined && (memory.passed ?? 0) <= passedBefore;

  return {
    park(batch, { reason, message }) {
      const parked = {
        batch,
        reason,
        message,
        ...(isolates && { passed: batch.passedBefore ?? memory.passed ?? 0 }),
      };
      if (isolates && batch.isolate === true && passedSince(parked)) return void fail(parked);
      memory.parked.push(parked);
      const alike = memory.parked.filter(
        (each) => each.reason === reason && !(isolates && passedSince(each)),
      );
      if (alike.length < IN_A_ROW) return;
      if (isolates) settle((each) => each === alike[0]);
      else memory.blockedBy ??= `${IN_A_ROW} batches in a row failed for the same reason: ${message}`;
    },
    afterSuccess() {
      if (isolates) settle(passedSince);
      else if (memory.blockedBy === null) void failAll();
    },
    atEnd() {
      if (failing.size > 0) return;
      if (isolates) settle(() => true);
      else void failAll();
    },
    holds(batch, underWay) {
      if (batch.isolate === true) return false;
      return [...underWay, ...memory.queue].some(asksForAll);
    },
    beingFailed: () => failing.values(),
    requeue() {
      const parked = memory.parked.splice(0).map(({ batch }) => batch);
      memory.queue = [...parked, ...memory.queue].map(afresh);
    },
  };
}

/** Returns the batch with all its tries, after a person has resumed the run. */
const afresh = ({ isolate, tries, limited, limitedAt, passedBefore, ...batch }: BatchPlan): BatchPlan =>
  batch;
