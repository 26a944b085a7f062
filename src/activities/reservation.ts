import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failure.js';
import type { Store } from '../engines/store.js';
import type { Attempt } from '../engines/types.js';

/**
 * With a cap on cost: what the ledger holds of this batch (unanswered attempts at their bound) and what is about to be
 * sent must fit what the run reserved for it. Texts may have grown since they were planned, and an attempt whose answer
 * never came may have been billed: then nothing is sent, `pending` attempts are withdrawn, and the run is told how much
 * to reserve. `pending`: attempts that the ledger has already and that were not sent; `laterNanos`: what else the batch
 * will have to send before it is done, when it is sent again.
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
  // Asked again: the bounds of what was pending may have been raised meanwhile.
  const left = await store.accountBatch(runId, batchId);
  const spent = left.costNanos + left.uncertainNanos;
  // More than is reserved in any case, or the batch would come back the same for ever.
  const need = spent + nextNanos > reservedNanos ? spent + nextNanos : needNanos;
  throw outgrown(`the batch may cost ${need} nanodollars, ${reservedNanos} are reserved for it`, {
    needNanos: need + laterNanos,
    spentNanos: spent,
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
    details: [{ ...details, tries: triesBefore() }],
  });

/** Tries of the activity under way that failed before this one. */
export const triesBefore = (): number => Context.current().info.attempt - 1;
