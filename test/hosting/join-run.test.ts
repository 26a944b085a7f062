import { WorkflowFailedError } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config.js';
import { TASK_QUEUE, WORKFLOW_ID } from '../../src/contract/names.js';
import type { RunProgress } from '../../src/contract/progress.js';
import type { RunRequest } from '../../src/contract/request.js';
import { joinRun } from '../../src/hosting/join-run.js';
import { findTemporalCli } from '../../src/local/temporal/find-binary.js';
import { cacheDir } from '../support/places.js';
import { fakeActivities, request, workerOf } from '../support/time-skipping.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  const path = await findTemporalCli({ pathVar: process.env.PATH ?? '', cacheDir, log: () => undefined });
  env = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
  });
});
afterEach(() =>
  env.client.workflow
    .getHandle(WORKFLOW_ID)
    .terminate()
    .catch(() => undefined),
);
afterAll(() => env?.teardown());

/** As Temporal's UI starts it: an id, a queue, an input, and nothing besides. */
const byHand = (...args: unknown[]) =>
  env.client.workflow.start('embedSamples', { workflowId: WORKFLOW_ID, taskQueue: TASK_QUEUE, args });

const join = (wanted: RunRequest | null) =>
  joinRun(
    env.client,
    { request: wanted, fallback: request(), maxCostNanos: null },
    { settings: loadSettings({ TEMPORAL_ADDRESS: env.address }), say: () => undefined },
  );

describe('a run that was started by hand', () => {
  it('is joined by whoever asks for the same, or resumes', async () => {
    const { firstExecutionRunId: runId } = await byHand(request());
    expect(await join(request())).toMatchObject({ how: 'joined', runId, request: request() });
    const resumed = await join(null);
    expect(resumed).toMatchObject({ how: 'resumed', runId, request: request() });
    const worker = await workerOf(env, fakeActivities(2));
    const end = (await worker.runUntil(() => resumed.handle.result())) as RunProgress;
    expect(end).toMatchObject({ state: 'completed', totals: { stored: 200 } });
  });

  it('holds back another request, with the way out', async () => {
    await byHand(request());
    await expect(join(request({ selection: { kind: 'failed' } }))).rejects.toThrow(
      /a run of all samples is under way.*embeddings cancel/,
    );
  });

  it.each([[], [{}], [{ selection: { kind: 'all' } }], ['all']])(
    'with an input that is no request (%j) holds others back, and ends with the right form',
    async (...args) => {
      const handle = await byHand(...args);
      await expect(join(request())).rejects.toThrow(/that embeddings did not start.*embeddings cancel/);
      const worker = await workerOf(env, fakeActivities(2));
      const error = await worker
        .runUntil(() => handle.result())
        .catch((cause: unknown) => cause as WorkflowFailedError);
      expect(error).toBeInstanceOf(WorkflowFailedError);
      expect((error as WorkflowFailedError).cause?.message).toMatch(/write \{"selection":\{"kind":"all"\}/);
    },
  );
});
