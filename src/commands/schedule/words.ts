import { describeSelection } from '../../contract/request.js';
import type { PastRun } from '../../hosting/schedules/past-runs.js';
import type { Schedule, ScheduleTimes } from '../../hosting/schedules/schedule.js';
import { costOf, minute, usd } from '../../terminal/format.js';

/** Returns `every 1d` or `0 3 * * * Europe/Berlin`. */
export const timesInWords = ({ every, cron, timezone }: ScheduleTimes): string =>
  cron === null ? `every ${every}` : `${cron} ${timezone ?? 'UTC'}`;

/** Returns a time without the year: `11-24 03:00`. */
export const shortTime = (iso: string): string => minute(iso).slice(5);

/** Returns the next time, in UTC. */
export const nextInWords = ({ paused, next: [first] }: Schedule): string => {
  if (paused) return 'paused';
  return first === undefined ? '–' : shortTime(first.toISOString());
};

/** `5 min`, `6 s`. */
export const span = (seconds: number): string =>
  seconds < 60 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;

/** Returns what the schedule runs: `all samples, never more than $0.5000 a run`. */
export const requestInWords = ({ request }: Schedule): string => {
  const { maxCostNanos } = request;
  const cap = maxCostNanos === null ? '' : `, never more than ${usd(maxCostNanos)} a run`;
  return `${describeSelection(request)}${cap}`;
};

/** Returns the cost of a run; – if it is not known, or nothing was run. */
export const costInWords = ({ totals }: PastRun): string => (totals === null ? '–' : costOf(totals));
