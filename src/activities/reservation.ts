import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failure.js';
import type { Store } from '../engines/store.js';
import type { Attempt } from '../engines/types.js';

/**
 * Throws Outgrown if a batch needs more than the run reserved for it under a cap: the cost in the ledger (unanswered
 * attempts at their bound) plus the next requests. Texts may have grown since they were planned, and an attempt without
 * an answer may have been billed. Then nothing is sent, the `pending` attempts are withdrawn, and the error states how
 * much to reserve. `pending`: attempts that are in the ledger but were not sent; `laterNanos`: cost of what the batch
 * must also send before it is done.
 */
export async function refuseOutgrown(
  store: Store,
  { runId, batchId }: Pick<Attempt, 'runId' | 'batchId'>,
  pending: readonly Attempt[],
  {
    nextNanos,
    laterNanos = 0,
    reservedNanos,
  }: { nextNanos: number; laterNanos?: number; reservedNanos: number },
): Promise<void> {
  if (nextNanos === 0) return;
  const { costNanos, uncertainNanos } = await store.accountBatch(runId, batchId);
  const opened = pending.reduce((sum, attempt) => sum + (attempt.boundNanos ?? 0), 0);
  const spentNanos = costNanos + uncertainNanos - opened;
  const needNanos = spentNanos + nextNanos;
  if (needNanos <= reservedNanos) return;
  await store.withdraw(pending.map((attempt) => attempt.requestId));
  // Read again: the bounds of the pending attempts may have been raised meanwhile.
  const left = await store.accountBatch(runId, batchId);
  const spent = left.costNanos + left.uncertainNanos;
  // Must be more than is reserved, or the batch would come back unchanged for ever.
  const need = spent + nextNanos > reservedNanos ? spent + nextNanos : needNanos;
  throw outgrown(`the batch may cost ${need} nanodollars, ${reservedNanos} are reserved for it`, {
    needNanos: need + laterNanos,
    spentNanos: spent,
  });
}

/** Creates the error that returns a batch to the run, which reserves what it needs before the next try. */
export const outgrown = (
  message: string,
  details: { needNanos: number; spentNanos: number },
): ApplicationFailure =>
  ApplicationFailure.create({
    message,
    type: FailureType.Outgrown,
    nonRetryable: true,
    details: [{ ...details, tries: triesBefore() }],
  });

/** Returns how many tries of the current activity failed before this one. */
export const triesBefore = (): number => Context.current().info.attempt - 1;
