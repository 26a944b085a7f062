import type { LedgerAttempt } from './types.js';

const DAY_MS = 86_400_000;
/** Clocks differ by so much at most: a worker's, by which the ledger is written, and the provider's. */
const SKEW_MS = 2 * 60_000;
/** A request is answered or given up long before; what is settled later was waiting for the store. */
const LONGEST_MS = 60 * 60_000;

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The UTC day `days` after (or before) one, YYYY-MM-DD. */
export const daysAfter = (from: string, days: number): string =>
  day(Date.parse(`${from}T00:00:00Z`) + days * DAY_MS);

/** The UTC day an attempt is booked on, as `usage --by day` has it: that of its beginning. */
export const homeDay = ({ createdAt }: LedgerAttempt): string => createdAt.slice(0, 10);

/**
 * The days on which the provider may have counted an attempt, ascending: that of its beginning, and the one before or
 * after where it was under way at midnight, give or take `skew`: ms that clocks may differ, by default two minutes.
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
