import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract.js';
import type { Attempt, Store } from '../store/types.js';

/**
 * With a cap on cost: what the ledger holds of this batch (unanswered attempts at their bound) and what is about to be
 * sent must fit what the run reserved for it. Texts may have grown since they were planned, and an attempt whose answer
 * never came may have been billed: then nothing is sent, and the run is told how much to reserve. `nextNanos`: what is
 * about to be sent, at most; null: no price is known.
 */
export async function refuseOutgrown(
  store: Store,
  attempt: Attempt,
  nextNanos: number | null,
  reservedNanos: number,
): Promise<void> {
  if (nextNanos === null || nextNanos === 0) return;
  const { costNanos, uncertainNanos } = await store.accountBatch(attempt.runId, attempt.batchId);
  // The ledger has this attempt already, pending, at its own bound.
  const spentNanos = costNanos + uncertainNanos - (attempt.boundNanos ?? 0);
  const needNanos = spentNanos + nextNanos;
  if (needNanos <= reservedNanos) return;
  await store.withdraw([attempt.requestId]);
  throw outgrown(`the batch may cost ${needNanos} nanodollars, ${reservedNanos} are reserved for it`, {
    needNanos,
    spentNanos,
  });
}

/** Sends a batch back to the run, which reserves what it needs before it is tried again. */
export const outgrown = (
  message: string,
  details: { needNanos: number; spentNanos: number },
): ApplicationFailure =>
  ApplicationFailure.create({
    message,
    type: FailureType.Outgrown,
    nonRetryable: true,
    details: [details],
  });
