import type { LedgerAttempt } from './types.js';

/** What an attempt may have cost beyond what is booked, at most; null: nobody knows. */
const roomOf = ({ mostNanos, costNanos }: LedgerAttempt): bigint | null =>
  mostNanos === null ? null : mostNanos - (costNanos ?? 0n);

/** Where tokens are booked, only the money is open. */
export const withoutTokens = ({ tokens }: LedgerAttempt): boolean => tokens === null;

/** What these attempts may have cost beyond what is booked, at most; null: nobody knows of one of them. */
export function mostOf(attempts: readonly LedgerAttempt[]): bigint | null {
  let sum = 0n;
  for (const attempt of attempts) {
    const room = roomOf(attempt);
    if (room === null) return null;
    sum += room;
  }
  return sum;
}

/** So many of these attempts, all where there are fewer: those with the largest bounds. */
export const largest = (attempts: readonly LedgerAttempt[], count: number): LedgerAttempt[] =>
  [...attempts].sort((a, b) => compareRooms(roomOf(b), roomOf(a))).slice(0, count);

/** Ascending, an unknown one last. */
function compareRooms(a: bigint | null, b: bigint | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}
