import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/contract/activities.js';
import { FailureType } from '../../src/contract/failure.js';
import { failure, reaches, result, runWorkflow } from '../support/run-workflow.js';
import { fakeActivities, request, stored, timeSkippingServer } from '../support/time-skipping.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await timeSkippingServer();
});
afterAll(() => env?.teardown());

/** A run into that generation; `batch` answers. */
function into(number: number, batch: Activities['embedBatch'], unchanged = 0): Activities {
  const usual = fakeActivities(40, { embedBatch: batch });
  const recipe = { model: 'm', dimensions: 4, document: {}, query: {}, template: null };
  return {
    ...usual,
    preflight: async (input) => ({
      ...(await usual.preflight(input)),
      generation: { number, recipe, dimensions: 4, form: 'float32' },
    }),
    planPage: async (input) => ({ ...(await usual.planPage(input)), unchanged }),
  };
}

describe('the first request into an empty generation', () => {
  it.each([
    ['the first', 1],
    ['another', 2],
  ])('goes alone, into %s: where its vectors are of another length, no more is bought', async (_, number) => {
    let sent = 0;
    const activities = into(number, async () => {
      sent += 1;
      throw failure(FailureType.Blocked, 'gives vectors of 3 numbers, not of 4');
    });
    await runWorkflow(env, activities, request({ concurrency: 8 }), async (handle) => {
      await reaches(handle, 'blocked');
      expect(sent).toBe(1);
      await handle.terminate();
    });
  });

  it.each([
    ['once it has passed', 2, 0],
    ['of the first generation, once it has passed', 1, 0],
    ['of the first generation, which holds vectors already', 1, 7],
    ['of one that holds vectors already', 2, 7],
  ])('lets all others go at once %s', async (_, number, unchanged) => {
    let now = 0;
    let most = 0;
    const activities = into(
      number,
      async (input) => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 50));
        now -= 1;
        return stored(input);
      },
      unchanged,
    );
    await runWorkflow(env, activities, request({ concurrency: 2 }), async (handle) => {
      expect((await result(handle)).totals.stored).toBe(4000);
    });
    expect(most).toBeGreaterThan(3);
  });
});
