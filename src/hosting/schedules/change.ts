import { setTimeout as wait } from 'node:timers/promises';
import { type Client, ScheduleOverlapPolicy, WorkflowNotFoundError } from '@temporalio/client';
import type { Settings } from '../../config.js';
import type { InitialAttribute } from '../../contract/attributes.js';
import { SCHEDULED_WORKFLOW_TYPE, taskQueueOf, workflowIdOf } from '../../contract/names.js';
import type { RunRequest } from '../../contract/request.js';
import { describeSelection } from '../../contract/request.js';
import type { ScheduledRun } from '../../contract/schedule.js';
import { usageFault } from '../../fault.js';
import { describeOpenRun, howItWaits, nextCommands, openRun } from '../open-run.js';
import {
  callSchedules,
  type Firing,
  findSchedule,
  type Schedule,
  type ScheduleMemo,
  type ScheduleTimes,
} from './schedule.js';

export interface NewSchedule {
  name: string;
  times: ScheduleTimes;
  /** The interval of `times.every`, in milliseconds. */
  everyMs: number | null;
  /** The shortest time between two firings. */
  gapMs: number;
  request: RunRequest;
  /** Markdown for the Web UI. */
  details: string;
  collection: string;
  /** Search attributes that its runs are started with. */
  attributes: readonly InitialAttribute[];
}

const MINUTE_MS = 60_000;
const LONGEST_CATCH_UP_MS = 60 * MINUTE_MS;
const LONGEST_JITTER_MS = 5 * MINUTE_MS;
/** Firing takes milliseconds; a busy server is waited for no longer than this. */
const FIRING_MS = 5000;

/** Creates a schedule. Throws a Fault when there is one of that name. */
export async function createSchedule(client: Client, wanted: NewSchedule): Promise<Schedule> {
  const { name, times, everyMs, gapMs, request, details, attributes } = wanted;
  const summary = `embed ${describeSelection(request)} (schedule ${name})`;
  const workflowId = workflowIdOf(wanted.collection);
  const run: ScheduledRun = { schedule: name, workflowId, request, summary, details, attributes };
  const memo: ScheduleMemo = { times };
  await callSchedules(name, () =>
    client.schedule.create({
      scheduleId: name,
      spec: {
        ...(everyMs !== null && { intervals: [{ every: everyMs }] }),
        ...(times.cron !== null && { cronExpressions: [times.cron] }),
        ...(times.timezone !== null && { timezone: times.timezone }),
        // So that the schedules of many users do not fire in the same second.
        jitter: Math.min(LONGEST_JITTER_MS, Math.floor(gapMs / 10)),
      },
      policies: {
        overlap: ScheduleOverlapPolicy.SKIP,
        // No longer than the gap: firings missed while Temporal was down are made up for at most once.
        catchupWindow: Math.min(LONGEST_CATCH_UP_MS, gapMs),
        pauseOnFailure: false,
      },
      action: {
        type: 'startWorkflow',
        workflowType: SCHEDULED_WORKFLOW_TYPE,
        workflowId: `schedule-${name}`,
        taskQueue: taskQueueOf(wanted.collection),
        args: [run],
        staticSummary: summary,
        staticDetails: details,
      },
      memo: { ...memo },
    }),
  );
  return findSchedule(client, name);
}

/** Pauses the schedule until it is resumed. `note` says why. */
export async function pauseSchedule(client: Client, name: string, note: string): Promise<Schedule> {
  await findSchedule(client, name);
  await callSchedules(name, () => client.schedule.getHandle(name).pause(note));
  return findSchedule(client, name);
}

export async function resumeSchedule(client: Client, name: string): Promise<Schedule> {
  const { paused } = await findSchedule(client, name);
  if (!paused) throw usageFault(`the schedule "${name}" is not paused`);
  await callSchedules(name, () => client.schedule.getHandle(name).unpause('resumed by a person'));
  return findSchedule(client, name);
}

/**
 * Fires the schedule now, besides its times. Throws a Fault while a run is under way, since the firing would be
 * skipped. `worker`: whether one is at work besides this command.
 */
export async function triggerSchedule(
  client: Client,
  settings: Settings,
  name: string,
  worker: boolean,
): Promise<Schedule> {
  const schedule = await findSchedule(client, name);
  const run = await openRun(client, settings);
  if (run !== null)
    throw usageFault(
      `nothing was triggered: ${describeOpenRun(run.request)} is under way${howItWaits(run)}; ${nextCommands(run, worker)}`,
    );
  const [last] = schedule.firings;
  if (last !== undefined && (await isWaiting(client, last)))
    throw usageFault(
      `nothing was triggered: "${name}" has fired and waits for a worker; start one with embeddings dev or embeddings worker`,
    );
  await callSchedules(name, () => client.schedule.getHandle(name).trigger(ScheduleOverlapPolicy.SKIP));
  return hasFired(client, schedule);
}

/** Waits until the schedule counts the firing: a one-command server that stops before then forgets it. */
async function hasFired(client: Client, { name, fired }: Schedule): Promise<Schedule> {
  for (let deadline = performance.now() + FIRING_MS; ; await wait(100)) {
    const now = await findSchedule(client, name);
    if (now.fired > fired || performance.now() > deadline) return now;
  }
}

/** Deletes the schedule. A run that it has started goes on, and stored data stays. */
export async function deleteSchedule(client: Client, name: string): Promise<Schedule> {
  const schedule = await findSchedule(client, name);
  await callSchedules(name, () => client.schedule.getHandle(name).delete());
  return schedule;
}

/** Returns whether the firing still waits for a worker. Temporal would skip a second one silently. */
const isWaiting = (client: Client, { workflowId, runId }: Firing): Promise<boolean> =>
  client.workflow
    .getHandle(workflowId, runId)
    .describe()
    .then(({ status }) => status.name === 'RUNNING')
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    });
