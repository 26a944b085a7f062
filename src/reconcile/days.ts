import type { LedgerAttempt } from './types.js';

const DAY_MS = 86_400_000;
/** Largest assumed difference between the clock of a worker, which writes the ledger, and the provider's clock. */
const SKEW_MS = 2 * 60_000;
/** Longest time in flight. A request that is settled later was waiting for the store. */
const LONGEST_MS = 60 * 60_000;

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Returns the UTC day `days` after (or, if negative, before) a day, YYYY-MM-DD. */
export const daysAfter = (from: string, days: number): string =>
  day(Date.parse(`${from}T00:00:00Z`) + days * DAY_MS);

/** Returns the UTC day an attempt is booked on, as in `usage --by day`: the day it was started. */
export const homeDay = ({ createdAt }: LedgerAttempt): string => createdAt.slice(0, 10);

/**
 * Returns the days on which the provider may have counted an attempt, ascending: the day of its start, and the day
 * before or after if it was in flight at midnight. `skew`: difference between clocks in ms, by default two minutes.
 */
export function candidateDays(attempt: LedgerAttempt, skew = SKEW_MS): string[] {
  const created = Date.parse(attempt.createdAt);
  const home = homeDay(attempt);
  if (Number.isNaN(created)) return [home];
  const settled = attempt.settledAt === null ? Number.NaN : Date.parse(attempt.settledAt);
  const latest = Number.isNaN(settled) ? created + LONGEST_MS : Math.min(settled, created + LONGEST_MS);
  const days = [day(created - skew), home, day(Math.max(created, latest) + skew)];
  return [...new Set(days)].sort();
}
