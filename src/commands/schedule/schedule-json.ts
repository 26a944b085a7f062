import type { PastRun } from '../../hosting/schedules/past-runs.js';
import type { Schedule } from '../../hosting/schedules/schedule.js';
import { isUnknown } from '../../terminal/format.js';

/** Returns a schedule as JSON. Times in ISO UTC, money in US dollars and integer nanodollars. */
export const scheduleFields = (schedule: Schedule) => ({
  name: schedule.name,
  every: schedule.times.every,
  cron: schedule.times.cron,
  timezone: schedule.times.cron === null ? null : (schedule.times.timezone ?? 'UTC'),
  paused: schedule.paused,
  note: schedule.note,
  next_runs: schedule.paused ? [] : schedule.next.map((time) => time.toISOString()),
  jitter_seconds: schedule.jitterSeconds,
  catch_up_seconds: schedule.catchUpSeconds,
  selection: schedule.request.selection,
  prune: schedule.request.prune === true,
  max_cost_usd: schedule.request.maxCostNanos === null ? null : schedule.request.maxCostNanos / 1e9,
  batch_size: schedule.request.batchSize,
  max_retries: schedule.request.maxRetries,
  concurrency: schedule.request.concurrency,
  fired: schedule.fired,
  skipped: schedule.skipped,
  missed: schedule.missed,
});

export const pastRunFields = ({ at, state, reason, runId, totals }: PastRun) => ({
  at,
  state,
  reason,
  run_id: runId,
  selected: totals?.selected ?? null,
  stored: totals?.stored ?? null,
  unchanged: totals?.unchanged ?? null,
  failed: totals?.failed ?? null,
  pruned: totals === null ? null : (totals.pruned ?? 0),
  requests: totals?.requests ?? null,
  total_tokens: totals?.tokens ?? null,
  total_cost_usd: totals === null || isUnknown(totals) ? null : totals.costNanos / 1e9,
  total_cost_nanodollars: totals === null || isUnknown(totals) ? null : totals.costNanos,
});
