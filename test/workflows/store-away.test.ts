import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/contract/activities.js';
import { FailureType } from '../../src/contract/failure.js';
import { Messages } from '../../src/contract/messages.js';
import { failure, reaches, result, runWorkflow } from '../support/run-workflow.js';
import { fakeActivities, request, stored, timeSkippingServer } from '../support/time-skipping.js';

const AWAY = 'the store (claim): the libSQL server does not answer: check that it is up, then try again';
const away = () => failure(FailureType.Unavailable, AWAY);

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await timeSkippingServer();
});
afterAll(() => env?.teardown());

describe('a store that does not answer', () => {
  it('fails no sample and uses no retry, however often a batch finds it away', async () => {
    let looks = 0;
    const embedBatch: Activities['embedBatch'] = async (input) => {
      // Others pass meanwhile: another worker reaches the store.
      if (input.batchId === 'b2' && ++looks <= 8) throw away();
      if (input.batchId === 'b2') expect(input.isolate).toBeUndefined();
      return stored(input);
    };
    const few = request({ concurrency: 1, maxRetries: 0 });
    const progress = await runWorkflow(env, fakeActivities(20, { embedBatch }), few, result);
    expect(progress.totals).toMatchObject({ stored: 2_000, failed: 0 });
    expect(looks).toBe(9);
  });

  it('sends one batch at a time to look, and goes on by itself', async () => {
    let looks = 0;
    let back = false;
    const embedBatch: Activities['embedBatch'] = async (input) => {
      if (back) return stored(input);
      looks += 1;
      throw away();
    };
    await runWorkflow(env, fakeActivities(20, { embedBatch }), request(), async (handle) => {
      const waiting = await reaches(handle, 'running');
      await expect.poll(() => looks, { timeout: 20_000 }).toBeGreaterThan(0);
      back = true;
      expect(waiting.totals.failed).toBe(0);
      expect((await result(handle)).totals).toMatchObject({ stored: 2_000, failed: 0 });
    });
    // Those of the first wave, and those that looked.
    expect(looks).toBeLessThan(12);
  });

  it('for more than five minutes blocks the run, which goes on after resume', async () => {
    let back = false;
    const embedBatch: Activities['embedBatch'] = async (input) => {
      if (!back) throw away();
      return stored(input);
    };
    await runWorkflow(env, fakeActivities(4, { embedBatch }), request(), async (handle) => {
      await env.sleep('6 minutes');
      const blocked = await reaches(handle, 'blocked');
      expect(blocked.reason).toBe(AWAY);
      expect(blocked.totals.failed).toBe(0);
      back = true;
      await handle.executeUpdate(Messages.resume, { args: [{}] });
      expect((await result(handle)).totals).toMatchObject({ stored: 400, failed: 0 });
    });
  });
});
