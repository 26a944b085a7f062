import { setTimeout as wait } from 'node:timers/promises';
import { type Client, ScheduleOverlapPolicy, WorkflowNotFoundError } from '@temporalio/client';
import type { Settings } from '../../config.js';
import type { InitialAttribute } from '../../contract/attributes.js';
import { SCHEDULED_WORKFLOW_TYPE, taskQueueOf, workflowIdOf } from '../../contract/names.js';
import type { RunRequest } from '../../contract/request.js';
import { describeSelection } from '../../contract/request.js';
import type { ScheduledRun } from '../../contract/schedule.js';
import { usageFault } from '../../fault.js';
import { describeOpenRun, howItWaits, openRun, whatToDo } from '../open-run.js';
import {
  asking,
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
/** Firing takes milliseconds; a server that is busy is not waited for longer. */
const FIRING_MS = 5000;

/** A Fault when there is one of that name. */
export async function createSchedule(client: Client, wanted: NewSchedule): Promise<Schedule> {
  const { name, times, everyMs, gapMs, request, details, attributes } = wanted;
  const summary = `embed ${describeSelection(request)} (schedule ${name})`;
  const workflowId = workflowIdOf(wanted.collection);
  const run: ScheduledRun = { schedule: name, workflowId, request, summary, details, attributes };
  const memo: ScheduleMemo = { times };
  await asking(name, () =>
    client.schedule.create({
      scheduleId: name,
      spec: {
        ...(everyMs !== null && { intervals: [{ every: everyMs }] }),
        ...(times.cron !== null && { cronExpressions: [times.cron] }),
        ...(times.timezone !== null && { timezone: times.timezone }),
        // So that not everybody's night begins in the same second.
        jitter: Math.min(LONGEST_JITTER_MS, Math.floor(gapMs / 10)),
      },
      policies: {
        overlap: ScheduleOverlapPolicy.SKIP,
        // No longer than the gap: what was missed while Temporal was away is made up for once at most.
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

/** It fires no more until it is resumed. `note` says why. */
export async function pauseSchedule(client: Client, name: string, note: string): Promise<Schedule> {
  await findSchedule(client, name);
  await asking(name, () => client.schedule.getHandle(name).pause(note));
  return findSchedule(client, name);
}

export async function resumeSchedule(client: Client, name: string): Promise<Schedule> {
  const { paused } = await findSchedule(client, name);
  if (!paused) throw usageFault(`the schedule "${name}" is not paused`);
  await asking(name, () => client.schedule.getHandle(name).unpause('resumed by a person'));
  return findSchedule(client, name);
}

/**
 * Fires now, besides its times. A Fault while a run is under way, since the firing would be skipped. `worker`: whether
 * one is at work besides this command.
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
      `nothing was triggered: ${describeOpenRun(run.request)} is under way${howItWaits(run)}; ${whatToDo(run, worker)}`,
    );
  const [last] = schedule.firings;
  if (last !== undefined && (await isWaiting(client, last)))
    throw usageFault(
      `nothing was triggered: "${name}" has fired and waits for a worker; start one with embeddings dev or embeddings worker`,
    );
  await asking(name, () => client.schedule.getHandle(name).trigger(ScheduleOverlapPolicy.SKIP));
  return hasFired(client, schedule);
}

/** Until the schedule itself knows: a server of one-command mode that stops before forgets that it was it who fired. */
async function hasFired(client: Client, { name, fired }: Schedule): Promise<Schedule> {
  for (let deadline = performance.now() + FIRING_MS; ; await wait(100)) {
    const now = await findSchedule(client, name);
    if (now.fired > fired || performance.now() > deadline) return now;
  }
}

/** It fires no more; a run that it has started goes on, and what is stored stays. */
export async function deleteSchedule(client: Client, name: string): Promise<Schedule> {
  const schedule = await findSchedule(client, name);
  await asking(name, () => client.schedule.getHandle(name).delete());
  return schedule;
}

/** Temporal would skip a second one without a word. */
const isWaiting = (client: Client, { workflowId, runId }: Firing): Promise<boolean> =>
  client.workflow
    .getHandle(workflowId, runId)
    .describe()
    .then(({ status }) => status.name === 'RUNNING')
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    });
