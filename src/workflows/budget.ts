import type { BatchPlan } from '../contract.js';

/** Integer nanodollars that these tokens can cost at most; 0 where no price is known (then no cap is accepted either). */
export const boundNanos = (tokens: number, nanosPerToken: number | null): number =>
  nanosPerToken === null ? 0 : Math.ceil(tokens * nanosPerToken);

/** Whether a batch may be sent: what was spent, what is under way at its upper bound, and this one stay under the cap. */
export const withinBudget = (
  cap: number | null,
  spentNanos: number,
  underWay: Iterable<BatchPlan>,
  next: BatchPlan,
  nanosPerToken: number | null,
): boolean => {
  if (cap === null) return true;
  let reserved = boundNanos(next.tokensBound, nanosPerToken);
  for (const batch of underWay) reserved += boundNanos(batch.tokensBound, nanosPerToken);
  return spentNanos + reserved <= cap;
};
