import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities, PruneSliceInput } from '../../src/contract/activities.js';
import { FailureType } from '../../src/contract/failure.js';
import { Messages } from '../../src/contract/messages.js';
import { SCHEDULED_WORKFLOW_TYPE, TASK_QUEUE, WORKFLOW_ID, WORKFLOW_TYPE } from '../../src/contract/names.js';
import type { RunProgress } from '../../src/contract/progress.js';
import type { RunRequest } from '../../src/contract/request.js';
import type { ScheduledOutcome } from '../../src/contract/schedule.js';
import { findTemporalCli } from '../../src/local/temporal/find-binary.js';
import { cacheDir } from '../support/places.js';
import { fakeActivities, request, workerOf } from '../support/time-skipping.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  // The time-skipping server does not cancel.
  const path = await findTemporalCli({ pathVar: process.env.PATH ?? '', cacheDir, log: () => undefined });
  env = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
  });
});
afterAll(() => env?.teardown());

const fire = (wish: RunRequest): Promise<WorkflowHandle> =>
  env.client.workflow.start(SCHEDULED_WORKFLOW_TYPE, {
    workflowId: `schedule-nightly-${randomUUID()}`,
    taskQueue: TASK_QUEUE,
    args: [{ schedule: 'nightly', request: wish, summary: 'embed all samples (schedule nightly)' }],
  });
const startByHand = (wish: RunRequest): Promise<WorkflowHandle> =>
  env.client.workflow.start(WORKFLOW_TYPE, { workflowId: WORKFLOW_ID, taskQueue: TASK_QUEUE, args: [wish] });
const run = (): WorkflowHandle => env.client.workflow.getHandle(WORKFLOW_ID);
const outcome = (handle: WorkflowHandle): Promise<ScheduledOutcome> => handle.result();
const withWorker = async (activities: Activities, act: () => Promise<void>): Promise<void> =>
  (await workerOf(env, activities)).runUntil(act);
/** Activities whose first batch waits until it is let go. */
function held(batches = 2): { activities: Activities; letGo(): void } {
  let letGo = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const { embedBatch } = fakeActivities(batches);
  const activities = fakeActivities(batches, {
    embedBatch: async (input) => {
      await gate;
      return embedBatch(input);
    },
  });
  return { activities, letGo: () => letGo() };
}
const underWay = async (): Promise<RunProgress> => {
  while (true) {
    const progress = await run()
      .query<RunProgress>(Messages.progress)
      .catch(() => null);
    if (progress !== null && progress.inFlight > 0) return progress;
  }
};

describe('a firing of a schedule', () => {
  it('is a run under the one id of all runs, which says who asked', async () => {
    await withWorker(fakeActivities(3), async () => {
      const firing = await fire(request());
      const { totals, ...rest } = await outcome(firing);
      expect(rest).toMatchObject({ outcome: 'completed', reason: null });
      expect(totals).toMatchObject({ stored: 300, costNanos: 6_000 });
      const described = await run().describe();
      const { runId } = await firing.describe();
      expect(described.memo?.request).toMatchObject({ scheduledBy: { schedule: 'nightly', firing: runId } });
      expect(rest.runId).toBe(described.runId);
    });
  });

  it('is skipped while a run is under way, and another firing while the run of the first is', async () => {
    const { activities, letGo } = held();
    await withWorker(activities, async () => {
      const byHand = await startByHand(request());
      const skipped = { outcome: 'skipped', runId: null, reason: 'another run was under way', totals: null };
      expect(await outcome(await fire(request()))).toEqual(skipped);
      letGo();
      await byHand.result();
    });
    const second = held();
    await withWorker(second.activities, async () => {
      const first = await fire(request());
      await underWay();
      expect(await outcome(await fire(request()))).toMatchObject({ outcome: 'skipped' });
      await expect(startByHand(request())).rejects.toThrow(/already started/);
      second.letGo();
      expect(await outcome(first)).toMatchObject({ outcome: 'completed' });
    });
  });

  it('fails with the sentence of its run', async () => {
    const preflight: Activities['preflight'] = async () => {
      throw ApplicationFailure.nonRetryable('the key was refused', FailureType.Blocked);
    };
    await withWorker(fakeActivities(1, { preflight }), async () => {
      await expect((await fire(request())).result()).rejects.toMatchObject({
        cause: { message: 'the key was refused', type: 'Blocked' },
      });
    });
  });

  it('is no failure when a person cancels its run', async () => {
    const first = held();
    await withWorker(first.activities, async () => {
      const firing = await fire(request());
      await underWay();
      await run().cancel();
      first.letGo();
      expect(await outcome(firing)).toMatchObject({ outcome: 'cancelled', reason: 'cancelled by a person' });
    });
  });

  it('cancelled itself, it cancels its run', async () => {
    const second = held();
    await withWorker(second.activities, async () => {
      const firing = await fire(request());
      await underWay();
      await firing.cancel();
      second.letGo();
      await expect(firing.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
      expect((await run().describe()).status.name).toBe('CANCELLED');
    });
  });
});

describe('a run that must not wait', () => {
  it('fails at its cap instead of pausing; what was stored is counted', async () => {
    await withWorker(fakeActivities(10), async () => {
      const wish = request({ maxCostNanos: 7_000, onBlocked: 'fail' });
      await expect((await startByHand(wish)).result()).rejects.toMatchObject({
        cause: { message: expect.stringContaining('the next batch might pass --max-cost') },
      });
      const progress = await run().query<RunProgress>(Messages.progress);
      expect(progress.totals).toMatchObject({ stored: 300, costNanos: 6_000 });
    });
  });

  it('still pauses where a person asks', async () => {
    const { activities, letGo } = held(20);
    await withWorker(activities, async () => {
      const byHand = await startByHand(request({ onBlocked: 'fail' }));
      await underWay();
      await byHand.executeUpdate(Messages.pause);
      letGo();
      while ((await byHand.query<RunProgress>(Messages.progress)).inFlight > 0);
      expect(await byHand.query<RunProgress>(Messages.progress)).toMatchObject({ state: 'paused' });
      await byHand.executeUpdate(Messages.resume, { args: [{}] });
      expect(await byHand.result()).toMatchObject({ state: 'completed' });
    });
  });
});

describe('pruning', () => {
  const slices = (seen: Omit<PruneSliceInput, 'plan'>[]): Activities['pruneSlice'] => {
    return async ({ plan: _, ...cursor }) => {
      seen.push(cursor);
      const after = (cursor.after ?? 0) + 20_000;
      return { table: 'vectors', after, done: seen.length === 3, pruned: seen.length * 5 };
    };
  };

  it('comes after embedding, a slice after the other, and is counted', async () => {
    const seen: Omit<PruneSliceInput, 'plan'>[] = [];
    let embedded = 0;
    const { embedBatch } = fakeActivities(3);
    const activities = fakeActivities(3, {
      embedBatch: (input) => {
        expect(seen).toEqual([]);
        embedded += 1;
        return embedBatch(input);
      },
      pruneSlice: slices(seen),
    });
    await withWorker(activities, async () => {
      const progress = await (await startByHand(request({ prune: true }))).result();
      expect(progress).toMatchObject({ state: 'completed', totals: { stored: 300, pruned: 15 } });
    });
    expect(embedded).toBe(3);
    expect(seen.map(({ after }) => after)).toEqual([null, 20_000, 40_000]);
  });

  it('is never done unasked', async () => {
    const seen: Omit<PruneSliceInput, 'plan'>[] = [];
    await withWorker(fakeActivities(1, { pruneSlice: slices(seen) }), async () => {
      expect((await (await startByHand(request())).result()).totals).not.toHaveProperty('pruned');
    });
    expect(seen).toEqual([]);
  });

  it('blocks the run where it is refused, and goes on after resume', async () => {
    let refuse = true;
    const seen: Omit<PruneSliceInput, 'plan'>[] = [];
    const pruneSlice: Activities['pruneSlice'] = async (input) => {
      if (refuse) throw ApplicationFailure.nonRetryable('the catalog holds no sample', FailureType.Blocked);
      return slices(seen)(input);
    };
    await withWorker(fakeActivities(1, { pruneSlice }), async () => {
      const byHand = await startByHand(request({ prune: true }));
      while ((await byHand.query<RunProgress>(Messages.progress)).state !== 'blocked');
      refuse = false;
      await byHand.executeUpdate(Messages.resume, { args: [{}] });
      expect(await byHand.result()).toMatchObject({
        state: 'completed',
        totals: { stored: 100, pruned: 15 },
      });
    });
  });
});
