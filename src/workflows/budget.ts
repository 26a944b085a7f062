import type { BatchPlan } from '../contract/plan.js';
import type { RunMemory } from './state.js';

/** Integer nanodollars that these tokens can cost at most; 0 where no price is known (then no cap is accepted either). */
export const boundNanos = (tokens: number, nanosPerToken: number | null): number =>
  nanosPerToken === null ? 0 : Math.ceil(tokens * nanosPerToken);

/** What all attempts of a batch may cost together. */
export const reserveOf = (batch: BatchPlan, nanosPerToken: number | null): number =>
  batch.reserveNanos ?? boundNanos(batch.tokensBound, nanosPerToken);

/** What batches that were given back may have cost so far: nothing of it is in the totals before they are done. */
export const spentUnfinished = (givenBack: Iterable<BatchPlan>): number => {
  let sum = 0;
  for (const batch of givenBack) sum += batch.spentNanos ?? 0;
  return sum;
};

/** Nanodollars a token: the plan's price, or a dearer one that an answer has stated; null: no price is known. */
export const dearestPrice = ({
  plan,
  nanosPerToken = 0,
}: Pick<RunMemory, 'plan' | 'nanosPerToken'>): number | null =>
  plan === null || plan.nanosPerToken === null ? null : Math.max(plan.nanosPerToken, nanosPerToken);

/** Attempts without an answer at their bound; at the dearest price, where answers have stated one above the plan's. */
export const uncertainAtDearest = (
  memory: Pick<RunMemory, 'plan' | 'nanosPerToken' | 'uncertainNanos'>,
): number => {
  const { plan, uncertainNanos = 0 } = memory;
  const planned = plan?.nanosPerToken ?? null;
  if (planned === null || planned === 0) return uncertainNanos;
  return Math.ceil((uncertainNanos * (dearestPrice(memory) ?? planned)) / planned);
};

/**
 * Whether a batch may be sent: what was spent, what every other batch that has begun may cost, and this one stay under
 * the cap. `spentNanos` holds unanswered attempts at their bound.
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

/** Whether the run's cap allows a batch to be sent while those that have `begun` are not in its totals. */
export const affordable = (memory: RunMemory, begun: Iterable<BatchPlan>, next: BatchPlan): boolean =>
  withinBudget(
    memory.request.maxCostNanos,
    memory.totals.costNanos + uncertainAtDearest(memory),
    begun,
    next,
    dearestPrice(memory),
  );

/** Without its sign: two of them in a line of Markdown would be read as mathematics. */
export const inDollars = (nanos: number): string => (nanos / 1e9).toFixed(9).replace(/\.?0+$/, '');
