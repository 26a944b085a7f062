import { isCancellation, patched, proxyActivities } from '@temporalio/workflow';
import { type Activities, type BatchPlan, type EmbedBatchResult, FailureType } from '../contract.js';
import { reserveOf, withinBudget } from './budget.js';
import { addFailures } from './failures.js';
import { type BatchFailure, describeFailure } from './outcome.js';
import { embedPolicy, recordPolicy } from './retry-policies.js';
import type { RunMemory } from './state.js';
import { batchSummary } from './summaries.js';
import { closed, refused, requestsAllowed, succeeded, windowSize } from './window.js';

/** Batches in a row that must exhaust their retries for the same reason before the run blocks instead of failing more. */
const SAME_REASON_LIMIT = 3;
/** Times a batch may lose its worker before that counts as its own fault. */
const LOST_LIMIT = 20;

const { failBatch } = proxyActivities<Activities>(recordPolicy);

/** Sends batches through a bounded window and decides what becomes of those that come back without a result. */
export function createDispatcher(memory: RunMemory) {
  const underWay = new Map<string, BatchPlan>();
  const { embedBatch } = proxyActivities<Activities>(embedPolicy(memory.request.maxRetries));
  let failing = 0;

  const count = (result: EmbedBatchResult): void => {
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
    // Results recorded by earlier versions have neither.
    memory.uncertainNanos = (memory.uncertainNanos ?? 0) + (result.uncertainNanos ?? 0);
    memory.pacePerMinute = result.pacePerMinute ?? memory.pacePerMinute ?? null;
    if (result.lastId !== null && result.lastId > (totals.lastProcessedId ?? Number.NEGATIVE_INFINITY))
      totals.lastProcessedId = result.lastId;
  };

  /** Writes the parked batches down as failed: the world is well, so they are what is wrong. */
  const failParked = async (): Promise<void> => {
    const { plan } = memory;
    if (plan === null) return;
    for (const parked of memory.parked.splice(0)) {
      failing += 1;
      try {
        const { batch, reason, message } = parked;
        const attempts = memory.request.maxRetries + 1;
        const input = { plan, batchId: batch.id, ids: batch.ids, reason, message, attempts };
        const summary = `write down as failed: ${batchSummary(batch)}`;
        count(await failBatch.executeWithOptions({ summary }, [input]));
      } catch (error) {
        memory.parked.push(parked);
        if (!isCancellation(error)) memory.blockedBy = describeFailure(error).message;
      } finally {
        failing -= 1;
        memory.events += 1;
      }
    }
  };

  const giveBack = (sent: BatchPlan, failure: BatchFailure): void => {
    const batch: BatchPlan = { ...sent, begun: true };
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
      memory.queue.unshift(batch);
      const close = (memory.pacePerMinute ?? null) === null ? refused : closed;
      memory.window = close(memory.window, Date.now(), failure.retryAfterMs);
    } else if (failure.type === FailureType.Blocked) {
      memory.queue.unshift(batch);
      memory.blockedBy ??= failure.message;
    } else {
      const reason = failure.type === 'Lost' ? FailureType.Transient : failure.type;
      memory.parked.push({ batch, reason, message: failure.message });
      if (memory.parked.filter((parked) => parked.reason === reason).length >= SAME_REASON_LIMIT)
        memory.blockedBy ??= `${SAME_REASON_LIMIT} batches in a row failed for the same reason: ${failure.message}`;
    }
  };

  const send = async (batch: BatchPlan): Promise<void> => {
    const { plan } = memory;
    if (plan === null) return;
    try {
      const concurrency = requestsAllowed(memory.window);
      const reservedNanos =
        memory.request.maxCostNanos === null ? null : reserveOf(batch, plan.nanosPerToken);
      const limited = (memory.pacePerMinute ?? null) !== null;
      const input = { plan, batchId: batch.id, ids: batch.ids, concurrency, reservedNanos, limited };
      count(await embedBatch.executeWithOptions({ summary: batchSummary(batch) }, [input]));
      memory.window = succeeded(memory.window, memory.request.concurrency);
      if (memory.blockedBy === null) void failParked();
    } catch (error) {
      if (isCancellation(error)) memory.queue.unshift({ ...batch, begun: true });
      else giveBack(batch, describeFailure(error));
    } finally {
      underWay.delete(batch.id);
      memory.events += 1;
    }
  };

  /** Whatever may have been paid for, whether it is under way or was given back. */
  const begun = (): BatchPlan[] => [
    ...underWay.values(),
    ...memory.parked.map((parked) => parked.batch),
    ...memory.queue.filter((batch) => batch.begun === true),
  ];

  const affordable = (batch: BatchPlan): boolean => {
    const { maxCostNanos } = memory.request;
    const spent = memory.totals.costNanos + (memory.uncertainNanos ?? 0);
    return (
      maxCostNanos === null ||
      withinBudget(maxCostNanos, spent, begun(), batch, memory.plan?.nanosPerToken ?? null)
    );
  };

  /** Nobody is there to raise the cap of a run that must not wait; the next one goes on where it ended. */
  const stopAtCap = (): void => {
    if (memory.request.onBlocked === 'fail' && patched('a cap ends a run that must not wait'))
      memory.blockedBy = 'the next batch might pass --max-cost; what is stored stays, the next run goes on';
    else
      memory.pausedBy = `the next batch might pass --max-cost; raise it with: embeddings resume --max-cost USD`;
  };

  const gateClosed = (): boolean => memory.window.closedUntil > Date.now();

  return {
    underWay: () => underWay.size,
    idle: () => underWay.size === 0 && failing === 0,
    /** Ms until the gate opens, when that is what the run waits for; null: wait for an event. */
    waitMs: (): number | null =>
      memory.blockedBy === null && gateClosed() ? Math.max(1, memory.window.closedUntil - Date.now()) : null,
    /** Sends what may be sent now. `planned`: no further page will come. */
    step(planned: boolean): void {
      if (memory.blockedBy !== null || memory.pausedBy !== null || memory.plan === null || gateClosed())
        return;
      while (underWay.size < windowSize(memory.window)) {
        const batch = memory.queue[0];
        if (batch === undefined) break;
        if (!affordable(batch)) {
          // What is under way may cost less than its bound: the cap is judged again when it is in.
          if (underWay.size === 0) stopAtCap();
          break;
        }
        memory.queue.shift();
        underWay.set(batch.id, batch);
        void send(batch);
      }
      const last = planned && memory.queue.length === 0 && underWay.size === 0;
      if (last && memory.parked.length > 0 && failing === 0) void failParked();
    },
    /** Puts parked batches back in line, as `resume` does. */
    requeueParked(): void {
      memory.queue.unshift(...memory.parked.splice(0).map((parked) => parked.batch));
    },
  };
}

export type Dispatcher = ReturnType<typeof createDispatcher>;
