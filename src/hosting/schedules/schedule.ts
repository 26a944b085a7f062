import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
  ServiceError,
} from '@temporalio/client';
import { SCHEDULED_WORKFLOW_TYPE } from '../../contract/names.js';
import type { RunRequest } from '../../contract/request.js';
import type { ScheduledRun } from '../../contract/schedule.js';
import { Fault, usageFault } from '../../fault.js';

/** When a schedule fires, as it was typed: `every` or `cron`, the other is null. */
export interface ScheduleTimes {
  every: string | null;
  cron: string | null;
  /** Time zone of `cron`; null: UTC. */
  timezone: string | null;
}

export interface Schedule {
  name: string;
  times: ScheduleTimes;
  request: RunRequest;
  paused: boolean;
  note: string | null;
  /** The next times, ascending, jitter included. A paused schedule has them too. */
  next: Date[];
  /** Seconds that a firing may be late on purpose, and seconds that it may be late because Temporal was down. */
  jitterSeconds: number;
  catchUpSeconds: number;
  /** Firings so far; skipped as the last one was under way; missed by more than the catch-up window. */
  fired: number;
  skipped: number;
  missed: number;
  /** Its recent firings, newest first. */
  firings: Firing[];
}

export interface Firing {
  at: Date;
  workflowId: string;
  runId: string;
}

/** What is stored with the schedule, since Temporal keeps a cron expression in another form than it was typed. */
export interface ScheduleMemo {
  times: ScheduleTimes;
}

const isOurs = (action: { workflowType?: string } | undefined): boolean =>
  action?.workflowType === SCHEDULED_WORKFLOW_TYPE;

/** Returns one of our schedules. Throws a Fault when there is none of that name, or when another program created it. */
export async function findSchedule(client: Client, name: string): Promise<Schedule> {
  const found = await callSchedules(name, () => client.schedule.getHandle(name).describe());
  if (!isOurs(found.action))
    throw usageFault(`the schedule "${name}" in Temporal is not one that embeddings schedule create made`);
  return scheduleOf(found);
}

/** Returns all our schedules, by name. One created a moment ago may be missing. */
export async function listSchedules(client: Client): Promise<Schedule[]> {
  const found: Schedule[] = [];
  await callSchedules(null, async () => {
    for await (const { scheduleId, action } of client.schedule.list()) {
      if (action !== undefined && !isOurs(action)) continue;
      const described = await client.schedule
        .getHandle(scheduleId)
        .describe()
        .catch((error: unknown) => {
          // Deleted since it was listed.
          if (error instanceof ScheduleNotFoundError) return null;
          throw error;
        });
      if (described !== null && isOurs(described.action)) found.push(scheduleOf(described));
    }
  });
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

function scheduleOf(described: ScheduleDescription): Schedule {
  const { scheduleId, spec, policies, state, info, memo, action } = described;
  const [run] = (action.args ?? []) as [ScheduledRun];
  const { times } = memo as unknown as ScheduleMemo;
  return {
    name: scheduleId,
    times,
    request: run.request,
    paused: state.paused,
    note: state.note === undefined || state.note === '' ? null : state.note,
    next: info.nextActionTimes,
    jitterSeconds: (spec.jitter ?? 0) / 1000,
    catchUpSeconds: policies.catchupWindow / 1000,
    fired: info.numActionsTaken,
    skipped: info.numActionsSkippedOverlap,
    missed: info.numActionsMissedCatchupWindow,
    firings: info.recentActions
      .map(({ takenAt, action: { workflow } }) => ({
        at: takenAt,
        workflowId: workflow.workflowId,
        runId: workflow.firstExecutionRunId,
      }))
      .reverse(),
  };
}

const INVALID_ARGUMENT = 3;
const PERMISSION_DENIED = 7;
const UNIMPLEMENTED = 12;

/** Calls Temporal about schedules; a refusal becomes one clear sentence. */
export async function callSchedules<T>(name: string | null, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (error instanceof ScheduleNotFoundError)
      throw usageFault(
        `there is no schedule "${name}"; embeddings schedule list shows what there is, embeddings schedule create makes one`,
        error,
      );
    if (error instanceof ScheduleAlreadyRunning)
      throw usageFault(
        `there is a schedule "${name}" already: give this one another name, or delete that one with embeddings schedule delete ${name}`,
        error,
      );
    const cause = error instanceof ServiceError ? error.cause : error;
    const { code, details } = (cause ?? {}) as { code?: unknown; details?: unknown };
    if (code === INVALID_ARGUMENT) throw usageFault(`Temporal refuses the schedule: ${details}`, error);
    if (code === PERMISSION_DENIED || code === UNIMPLEMENTED)
      throw usageFault(`this Temporal does not allow schedules: ${details}`, error);
    if (typeof code === 'number') throw usageFault(`Temporal did not answer: ${details}`, error);
    throw error;
  }
}
