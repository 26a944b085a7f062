import type { PastRun } from '../../hosting/schedules/past-runs.js';
import type { Schedule, ScheduleTimes } from '../../hosting/schedules/schedule.js';
import { minute, usd } from '../../terminal/format.js';

/** `every 1d`, `0 3 * * * Europe/Berlin`. */
export const timesInWords = ({ every, cron, timezone }: ScheduleTimes): string =>
  cron === null ? `every ${every}` : `${cron} ${timezone ?? 'UTC'}`;

/** `2026-11-24 03:00`, in UTC. */
export const nextInWords = ({ paused, next: [first] }: Schedule): string => {
  if (paused) return 'paused';
  return first === undefined ? '–' : minute(first.toISOString());
};

/** What a run cost; – where nobody here knows, or nothing was run. */
export const costInWords = ({ totals }: PastRun): string => (totals === null ? '–' : usd(totals.costNanos));
