import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Activities } from '../../src/contract/activities.js';
import { FailureType } from '../../src/contract/failure.js';
import { Messages } from '../../src/contract/messages.js';
import { TASK_QUEUE } from '../../src/contract/names.js';
import type { RunProgress } from '../../src/contract/progress.js';
import type { RunRequest } from '../../src/contract/request.js';
import { workerOf } from './time-skipping.js';

/** Creates a failure as activities report it. Temporal retries only Transient failures. */
export const failure = (type: string, message: string, detail: object = {}): ApplicationFailure =>
  ApplicationFailure.create({
    message,
    type,
    details: [{ retryAfterMs: null, ...detail }],
    nonRetryable: type !== FailureType.Transient,
  });

/** Starts a run with these activities and calls `act` with its handle. The worker stops when `act` ends. */
export async function runWorkflow<T>(
  env: TestWorkflowEnvironment,
  activities: Activities,
  request: RunRequest,
  act: (handle: WorkflowHandle) => Promise<T>,
): Promise<T> {
  const worker = await workerOf(env, activities);
  return worker.runUntil(async () => {
    const handle = await env.client.workflow.start('embedSamples', {
      workflowId: `embed-${randomUUID()}`,
      taskQueue: TASK_QUEUE,
      args: [request],
    });
    return act(handle);
  });
}

export const result = (handle: WorkflowHandle): Promise<RunProgress> => handle.result();

/** Resolves with the progress once the run is in that state with nothing in flight. */
export async function reaches(handle: WorkflowHandle, state: string): Promise<RunProgress> {
  while (true) {
    const progress = await handle.query<RunProgress>(Messages.progress);
    if (progress.state === state && progress.inFlight === 0) return progress;
  }
}
