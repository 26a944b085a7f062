import { Cron } from 'croner';
import { usageFault } from '../../fault.js';
import type { ScheduleTimes } from '../../hosting/schedules/schedule.js';

export interface TimeOptions {
  every?: string;
  cron?: string;
  timezone?: string;
}

export interface CheckedTimes {
  times: ScheduleTimes;
  /** Null with `--cron`. */
  everyMs: number | null;
  /** The shortest time between two firings. */
  gapMs: number;
}

const MINUTE_MS = 60_000;
const UNITS = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 1440 * MINUTE_MS, w: 7 * 1440 * MINUTE_MS } as const;
const LONGEST_MS = 365 * UNITS.d;
/** Number of firings that are checked for the shortest gap: enough for a week of hours, or for both ends of a month. */
const LOOKED_AT = 200;

const INTERVAL_FORM = 'write an interval like 30m, 6h, 1d or 1w';
const CRON_FORM =
  'write five fields, minute hour day month weekday, like "0 3 * * *" for every night at three';

/** Reads `--every` or `--cron` and `--timezone`. Throws a usage Fault that shows the right form. */
export function readTimes({ every, cron, timezone }: TimeOptions): CheckedTimes {
  if (every !== undefined && cron !== undefined)
    throw usageFault('--every and --cron exclude each other: give one of them');
  if (every !== undefined) {
    if (timezone !== undefined)
      throw usageFault('--timezone goes with --cron: an interval is the same length everywhere');
    const everyMs = readInterval(every);
    return { times: { every: every.trim(), cron: null, timezone: null }, everyMs, gapMs: everyMs };
  }
  if (cron === undefined)
    throw usageFault('say when: --every 1d, or --cron "0 3 * * *" with --timezone if it is not UTC');
  const zone = timezone === undefined ? null : readTimezone(timezone);
  const gapMs = readCron(cron, zone ?? 'UTC');
  return { times: { every: null, cron: cron.trim(), timezone: zone }, everyMs: null, gapMs };
}

/** Parses `30m`, `6h`, `1d`, `1w` to milliseconds: from one minute to 365 days. */
export function readInterval(text: string): number {
  const match = /^(\d{1,6})\s*([mhdw])$/.exec(text.trim());
  if (match === null) throw usageFault(`--every: "${text}" is no interval; ${INTERVAL_FORM}`);
  const ms = Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
  if (ms >= MINUTE_MS && ms <= LONGEST_MS) return ms;
  throw usageFault(`--every must be from 1m to 365d, got "${text}"`);
}

/** Returns the canonical name, `Europe/Berlin` for `europe/berlin`. */
export function readTimezone(text: string): string {
  try {
    // Intl accepts offsets like +02:00, but Temporal does not.
    if (/^[a-z]/i.test(text))
      return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    // An unknown name: the Fault is thrown below.
  }
  throw usageFault(`--timezone: "${text}" is no time zone; write its name, like Europe/Berlin or UTC`);
}

/** Returns the shortest gap between two firings, in milliseconds. */
export function readCron(text: string, timezone: string): number {
  const fields = text.trim().split(/\s+/);
  const refuse = (why: string): never => {
    throw usageFault(`--cron: "${text}" ${why}; ${CRON_FORM}`);
  };
  // Accepts only what every cron implementation reads the same way: no seconds, no L, W, # or ?.
  if (fields.length !== 5) return refuse(`has ${fields.length} fields`);
  const odd = fields.find((field) => !/^[\d*,/-]+$|^[a-z]{3}([,-][a-z]{3})*$/i.test(field));
  if (odd !== undefined) return refuse(`cannot be read at "${odd}"`);
  if (fields[2] !== '*' && fields[4] !== '*')
    return refuse(
      'sets both a day of the month and a weekday, which programs interpret differently: make two schedules',
    );
  const runs = nextRuns(text, timezone) ?? refuse('cannot be read');
  if (runs.length === 0) return refuse('never comes');
  return runs.reduce((gap, run, index) => {
    const last = runs[index - 1];
    return last === undefined ? gap : Math.min(gap, run.getTime() - last.getTime());
  }, LONGEST_MS);
}

function nextRuns(text: string, timezone: string): Date[] | null {
  try {
    return new Cron(text.trim(), { timezone, paused: true, mode: '5-part' }).nextRuns(LOOKED_AT);
  } catch {
    return null;
  }
}
