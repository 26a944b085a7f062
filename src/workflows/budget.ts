import type { BatchPlan } from '../contract/plan.js';
import type { RunMemory } from './state.js';

/** Returns the most that these tokens can cost, in whole nanodollars; 0 without a price (then no cap is accepted). */
export const boundNanos = (tokens: number, nanosPerToken: number | null): number =>
  nanosPerToken === null ? 0 : Math.ceil(tokens * nanosPerToken);

/** Returns the most that all attempts of a batch together can cost, in nanodollars. */
export const reserveOf = (batch: BatchPlan, nanosPerToken: number | null): number =>
  batch.reserveNanos ?? boundNanos(batch.tokensBound, nanosPerToken);

/** Returns the most that returned batches have cost so far, in nanodollars; not in the totals until they are done. */
export const spentUnfinished = (givenBack: Iterable<BatchPlan>): number => {
  let sum = 0;
  for (const batch of givenBack) sum += batch.spentNanos ?? 0;
  return sum;
};

/** Returns nanodollars a token: the plan's price, or a higher one that an answer has stated; null without a price. */
export const dearestPrice = ({
  plan,
  nanosPerToken = 0,
}: Pick<RunMemory, 'plan' | 'nanosPerToken'>): number | null =>
  plan === null || plan.nanosPerToken === null ? null : Math.max(plan.nanosPerToken, nanosPerToken);

/** Returns the upper bound of the cost of unanswered attempts, at the highest price: the plan's or one of an answer. */
export const uncertainAtDearest = (
  memory: Pick<RunMemory, 'plan' | 'nanosPerToken' | 'uncertainNanos'>,
): number => {
  const { plan, uncertainNanos = 0 } = memory;
  const planned = plan?.nanosPerToken ?? null;
  if (planned === null || planned === 0) return uncertainNanos;
  return Math.ceil((uncertainNanos * (dearestPrice(memory) ?? planned)) / planned);
};

/**
 * Returns whether a batch may be sent: the amount spent, plus the bounds of all other begun batches, plus the bound of
 * this one must not exceed the cap. `spentNanos` includes unanswered attempts at their bound.
 */
export const withinBudget = (
  cap: number | null,
  spentNanos: number,
  begun: Iterable<BatchPlan>,
  next: BatchPlan,
  nanosPerToken: number | null,
): boolean => {
  if (cap === null) return true;
  let reserved = reserveOf(next, nanosPerToken);
  for (const batch of begun) if (batch.id !== next.id) reserved += reserveOf(batch, nanosPerToken);
  return spentNanos + reserved <= cap;
};

/** Returns whether the run's cap allows a batch to be sent; the totals do not include the batches in `begun` yet. */
export const affordable = (memory: RunMemory, begun: Iterable<BatchPlan>, next: BatchPlan): boolean =>
  withinBudget(
    memory.request.maxCostNanos,
    memory.totals.costNanos + uncertainAtDearest(memory),
    begun,
    next,
    dearestPrice(memory),
  );

/** Formats dollars without the sign: Markdown would read the text between two signs as mathematics. */
export const inDollars = (nanos: number): string => (nanos / 1e9).toFixed(9).replace(/\.?0+$/, '');
