import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/contract/activities.js';
import { FailureType } from '../../src/contract/failure.js';
import { Messages } from '../../src/contract/messages.js';
import { TASK_QUEUE } from '../../src/contract/names.js';
import type { RunProgress } from '../../src/contract/progress.js';
import type { RunRequest } from '../../src/contract/request.js';
import { findTemporalCli } from '../../src/local/temporal/find-binary.js';
import { expandIds } from '../../src/sources/sample-ids.js';
import { cacheDir } from '../support/places.js';
import {
  failure,
  fakeActivities,
  request,
  stored,
  timeSkippingServer,
  workerOf,
} from '../support/time-skipping.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await timeSkippingServer();
});
afterAll(() => env?.teardown());

async function run<T>(
  activities: Activities,
  wish: RunRequest,
  act: (handle: WorkflowHandle) => Promise<T>,
): Promise<T> {
  const worker = await workerOf(env, activities);
  return worker.runUntil(async () => {
    const handle = await env.client.workflow.start('embedSamples', {
      workflowId: `embed-${randomUUID()}`,
      taskQueue: TASK_QUEUE,
      args: [wish],
    });
    return act(handle);
  });
}

const result = (handle: WorkflowHandle): Promise<RunProgress> => handle.result();
const reaches = async (handle: WorkflowHandle, state: string): Promise<RunProgress> => {
  while (true) {
    const progress = await handle.query<RunProgress>(Messages.progress);
    if (progress.state === state && progress.inFlight === 0) return progress;
  }
};

describe('a run', () => {
  it('plans, embeds and counts every batch', async () => {
    const progress = await run(fakeActivities(12), request(), result);
    expect(progress.state).toBe('completed');
    expect(progress.totals).toMatchObject({
      selected: 1200,
      stored: 1200,
      requests: 12,
      costNanos: 24_000,
      lastProcessedId: 1200,
    });
  });

  it('completes at once when nothing is selected', async () => {
    const progress = await run(fakeActivities(0), request(), result);
    expect(progress.totals.selected).toBe(0);
    expect(progress.state).toBe('completed');
  });

  it('never has more batches under way than its window', async () => {
    let now = 0;
    let most = 0;
    const embedBatch: Activities['embedBatch'] = async (input) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      return stored(input);
    };
    await run(fakeActivities(40, { embedBatch }), request({ concurrency: 2 }), result);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(6);
  });

  it('joins batches of a long queue, each a request of its own, and has no more requests under way than its window', async () => {
    let now = 0;
    let most = 0;
    let refused = 0;
    const seen: number[] = [];
    let activities = 0;
    const embedBatch: Activities['embedBatch'] = async (input) => {
      const ids = expandIds(input.ids);
      now += ids.length / 100;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= ids.length / 100;
      activities += 1;
      const done = { ...stored(input, ids.length), worker: { id: 'w', requests: 8 } };
      if (ids.length > 100 && refused++ === 0) throw failure(FailureType.RateLimited, '429', 100);
      seen.push(...ids);
      return { ...done, requests: ids.length / 100 };
    };
    const progress = await run(fakeActivities(120, { embedBatch }, 40), request({ concurrency: 8 }), result);
    expect(progress.totals).toMatchObject({ stored: 12_000, requests: 120, failed: 0 });
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 12_000 }, (_, index) => index + 1));
    expect(activities).toBeLessThan(80);
    expect(most).toBeLessThanOrEqual(24);
  });

  it('sends a rate-limited batch again without costing a retry, after the gate has opened', async () => {
    let refusals = 0;
    const embedBatch: Activities['embedBatch'] = async (input) => {
      if (input.batchId === 'b1' && refusals++ < 6) throw failure(FailureType.RateLimited, '429', 30_000);
      return stored(input);
    };
    const progress = await run(fakeActivities(3, { embedBatch }), request({ maxRetries: 1 }), result);
    expect(progress.totals).toMatchObject({ stored: 300, failed: 0 });
    expect(refusals).toBe(7);
  });

  it('blocks at the first cause that no retry can cure, and goes on where it was after resume', async () => {
    let cured = false;
    let sent = 0;
    const embedBatch: Activities['embedBatch'] = async (input) => {
      sent += 1;
      if (!cured) throw failure(FailureType.Blocked, 'the key was revoked');
      return stored(input);
    };
    await run(fakeActivities(20, { embedBatch }), request(), async (handle) => {
      const blocked = await reaches(handle, 'blocked');
      expect(blocked.reason).toBe('the key was revoked');
      expect(sent).toBeLessThanOrEqual(6);
      cured = true;
      await handle.executeUpdate(Messages.resume, { args: [{}] });
      expect((await result(handle)).totals).toMatchObject({ stored: 2000, failed: 0 });
    });
  });

  it('tells the store at once that it blocks, that it has come to rest, and that it goes on', async () => {
    let cured = false;
    const told: string[] = [];
    const embedBatch: Activities['embedBatch'] = async (input) => {
      if (!cured) throw failure(FailureType.Blocked, 'no credit');
      return stored(input);
    };
    const recordRun: Activities['recordRun'] = async ({ state, inFlight }) => {
      told.push(`${state} ${inFlight}`);
      return undefined;
    };
    await run(fakeActivities(20, { embedBatch, recordRun }), request(), async (handle) => {
      while (told.at(-1) !== 'blocked 0') await handle.query(Messages.progress);
      cured = true;
      await handle.signal(Messages.goOn, { alsoPaused: false });
      await result(handle);
    });
    const on = told.slice(told.indexOf('blocked 0') + 1);
    expect(on.find((line) => line !== 'blocked 0')).toMatch(/^running/);
    expect(on.at(-1)).toBe('completed 0');
  });

  it('tells the store that its gate is closed for long, and that it is open again', async () => {
    let refusals = 0;
    const told: string[] = [];
    const embedBatch: Activities['embedBatch'] = async (input) => {
      if (refusals++ === 0) throw failure(FailureType.RateLimited, '429', 30_000);
      return stored(input);
    };
    const recordRun: Activities['recordRun'] = async ({ state }) => {
      if (told.at(-1) !== state) told.push(state);
      return undefined;
    };
    await run(fakeActivities(20, { embedBatch, recordRun }), request({ concurrency: 1 }), result);
    expect(told.slice(told.indexOf('throttled'))).toEqual(['throttled', 'running', 'completed']);
  });

  it('fails with the cause when it is asked to fail rather than block', async () => {
    const embedBatch: Activities['embedBatch'] = async () => {
      throw failure(FailureType.Blocked, 'no credit');
    };
    const ending = run(fakeActivities(3, { embedBatch }), request({ onBlocked: 'fail' }), result);
    await expect(ending).rejects.toSatisfy(
      (error) => error instanceof WorkflowFailedError && error.cause?.message === 'no credit',
    );
  });

  it('blocks after three batches in a row have exhausted their retries for one reason, instead of failing them all', async () => {
    let cured = false;
    const embedBatch: Activities['embedBatch'] = async (input) => {
      if (!cured) throw failure(FailureType.Transient, '502 Bad Gateway');
      return stored(input);
    };
    await run(
      fakeActivities(30, { embedBatch }),
      request({ maxRetries: 1, concurrency: 1 }),
      async (handle) => {
        const blocked = await reaches(handle, 'blocked');
        expect(blocked.reason).toContain('502 Bad Gateway');
        expect(blocked.totals.failed).toBe(0);
        cured = true;
        await handle.executeUpdate(Messages.resume, { args: [{}] });
        expect((await result(handle)).totals).toMatchObject({ stored: 3000, failed: 0 });
      },
    );
  });

  it('pauses: what is under way finishes, nothing more is sent until resume', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let started: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      started = resolve;
    });
    const embedBatch: Activities['embedBatch'] = async (input) => {
      started();
      await held;
      return stored(input);
    };
    await run(fakeActivities(20, { embedBatch }), request({ concurrency: 1 }), async (handle) => {
      await first;
      await handle.executeUpdate(Messages.pause);
      release();
      const paused = await reaches(handle, 'paused');
      expect(paused.totals.stored).toBeLessThanOrEqual(300);
      await handle.executeUpdate(Messages.resume, { args: [{}] });
      expect((await result(handle)).totals.stored).toBe(2000);
    });
  });

  it('pauses before the batch that might pass the cap, and goes on with a higher one', async () => {
    await run(fakeActivities(10), request({ maxCostNanos: 7_000 }), async (handle) => {
      const paused = await reaches(handle, 'paused');
      expect(paused.reason).toContain('--max-cost');
      expect(paused.totals.costNanos).toBe(6_000);
      await handle.executeUpdate(Messages.resume, { args: [{ maxCostNanos: 20_000 }] });
      expect((await result(handle)).totals).toMatchObject({ stored: 1000, costNanos: 20_000 });
    });
  });

  it('reserves more for a batch that outgrew its reservation, and sends it only where the cap allows', async () => {
    const reserved: (number | null)[] = [];
    const embedBatch: Activities['embedBatch'] = async (input) => {
      if (input.batchId !== 'b2') return stored(input);
      reserved.push(input.reservedNanos);
      if (Number(input.reservedNanos) < 5_000)
        throw ApplicationFailure.create({
          message: 'outgrown',
          type: FailureType.Outgrown,
          nonRetryable: true,
          details: [{ needNanos: 5_000 }],
        });
      return stored(input);
    };
    await run(fakeActivities(2, { embedBatch }), request({ maxCostNanos: 6_000 }), async (handle) => {
      const paused = await reaches(handle, 'paused');
      expect(paused.totals.costNanos).toBe(2_000);
      await handle.executeUpdate(Messages.resume, { args: [{ maxCostNanos: 7_000 }] });
      expect((await result(handle)).totals).toMatchObject({ stored: 200, costNanos: 4_000 });
    });
    expect(reserved).toEqual([2_000, 5_000]);
  });

  it('counts attempts without an answer at their bound', async () => {
    const embedBatch: Activities['embedBatch'] = async (input) => ({
      ...stored(input),
      uncertainNanos: 2_000,
    });
    await run(fakeActivities(10, { embedBatch }), request({ maxCostNanos: 9_000 }), async (handle) => {
      const paused = await reaches(handle, 'paused');
      expect(paused.totals.costNanos + paused.uncertainNanos).toBeLessThanOrEqual(9_000 + 2_000 * 6);
      expect(paused.totals.costNanos).toBeLessThan(9_000);
      await handle.executeUpdate(Messages.resume, { args: [{ maxCostNanos: null }] });
      expect(await result(handle)).toMatchObject({ totals: { stored: 1000 }, uncertainNanos: 20_000 });
    });
  });

  it('goes on by a signal that was sent while no worker was up', async () => {
    let cured = false;
    const embedBatch: Activities['embedBatch'] = async (input) => {
      if (!cured) throw failure(FailureType.Blocked, 'model gone');
      return stored(input);
    };
    await run(fakeActivities(2, { embedBatch }), request(), async (handle) => {
      await reaches(handle, 'blocked');
      cured = true;
      await handle.signal(Messages.goOn, { alsoPaused: false });
      expect((await result(handle)).totals.stored).toBe(200);
    });
  });

  it('ends as cancelled, with what was stored counted', async () => {
    let started: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      started = resolve;
    });
    let last: RunProgress | undefined;
    const recordRun: Activities['recordRun'] = async (progress) => {
      last = progress;
      return undefined;
    };
    const embedBatch: Activities['embedBatch'] = async (input) => {
      started();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return stored(input);
    };
    // A real server: cancellation travels by heartbeats, and skipped time would skip past them.
    const path = await findTemporalCli({ pathVar: process.env.PATH ?? '', cacheDir, log: () => undefined });
    const local = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'existing-path', path } },
    });
    const worker = await workerOf(local, fakeActivities(50, { embedBatch, recordRun }));
    await worker.runUntil(async () => {
      const handle = await local.client.workflow.start('embedSamples', {
        workflowId: 'cancelled',
        taskQueue: TASK_QUEUE,
        args: [request({ concurrency: 1 })],
      });
      await first;
      await handle.cancel();
      await expect(result(handle)).rejects.toThrow(WorkflowFailedError);
    });
    await local.teardown();
    expect(last?.state).toBe('cancelled');
    expect(last?.totals.stored).toBeGreaterThan(0);
    expect(last?.totals.stored).toBeLessThan(5000);
  });
});
