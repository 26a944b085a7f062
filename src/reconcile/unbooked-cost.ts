import type { LedgerAttempt } from './types.js';

/** Returns the most that an attempt may have cost beyond its booking; null when not known. */
const unbookedCostBound = ({ mostNanos, costNanos }: LedgerAttempt): bigint | null =>
  mostNanos === null ? null : mostNanos - (costNanos ?? 0n);

/** When tokens are booked, only the cost is uncertain. */
export const withoutTokens = ({ tokens }: LedgerAttempt): boolean => tokens === null;

/** Returns the most that these attempts may have cost beyond their bookings; null when one is not known. */
export function mostOf(attempts: readonly LedgerAttempt[]): bigint | null {
  let sum = 0n;
  for (const attempt of attempts) {
    const bound = unbookedCostBound(attempt);
    if (bound === null) return null;
    sum += bound;
  }
  return sum;
}

/** Returns `count` of these attempts, or all if there are fewer: those with the largest bounds. */
export const largest = (attempts: readonly LedgerAttempt[], count: number): LedgerAttempt[] =>
  [...attempts].sort((a, b) => compareBounds(unbookedCostBound(b), unbookedCostBound(a))).slice(0, count);

/** Compares ascending, unknown ones last. */
function compareBounds(a: bigint | null, b: bigint | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}
