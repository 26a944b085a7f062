import { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/contract/activities.js';
import { FailureType } from '../../src/contract/failure.js';
import { Messages } from '../../src/contract/messages.js';
import { TASK_QUEUE } from '../../src/contract/names.js';
import type { RunProgress } from '../../src/contract/progress.js';
import { findTemporalCli } from '../../src/local/temporal/find-binary.js';
import { cacheDir } from '../support/places.js';
import { failure, fakeActivities, request, stored, workerOf } from '../support/time-skipping.js';

const SIZE = 2048;
const BATCHES = 300;
const PAGE = 24;

/** No two of them beside each other, seven digits each: 16 kB a batch, 5 MB in all. */
const idsOf = (number: number): string =>
  Array.from({ length: SIZE }, (_, at) => 1_000_000 + 2 * (number * SIZE + at)).join(',');

const planPage: Activities['planPage'] = async ({ after, nextBatch }) => {
  const count = Math.min(PAGE, BATCHES - (nextBatch - 1));
  const batches = Array.from({ length: count }, (_, index) => {
    const number = nextBatch + index;
    return { id: `b${number}`, ids: idsOf(number), count: SIZE, tokensBound: SIZE };
  });
  return {
    after: (after ?? 0) + count,
    done: nextBatch - 1 + count >= BATCHES,
    batches,
    leftover: { ids: '', tokensBound: 0 },
    selected: count * SIZE,
    unchanged: 0,
    failed: 0,
  };
};

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  const path = await findTemporalCli({ pathVar: process.env.PATH ?? '', cacheDir, log: () => undefined });
  env = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      extraArgs: ['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=100'],
    },
  });
});
afterAll(() => env?.teardown());

describe('a run of 2,048 samples a batch and 256 requests in flight, over scattered ids', () => {
  it('continues as new with all that it has planned in its queue', async () => {
    let refused = 0;
    let cured = false;
    let begun = false;
    const embedBatch: Activities['embedBatch'] = async (input) => {
      // The first request into an empty store goes alone: all others are sent once it has passed.
      if (!begun) {
        begun = true;
        return stored(input, SIZE);
      }
      // So that batches come back together, however many are sent.
      await new Promise((resolve) => setTimeout(resolve, cured ? 0 : 3000));
      if (cured) return stored(input, SIZE);
      refused += 1;
      throw failure(FailureType.Blocked, 'no credit is left');
    };
    const worker = await workerOf(env, fakeActivities(BATCHES, { planPage, embedBatch }));
    await worker.runUntil(async () => {
      const handle = await env.client.workflow.start('embedSamples', {
        workflowId: 'full-queue',
        taskQueue: TASK_QUEUE,
        args: [request({ batchSize: SIZE, concurrency: 256 })],
      });
      const first = handle.firstExecutionRunId;
      const latest = env.client.workflow.getHandle('full-queue');
      while ((await latest.describe()).runId === first) await new Promise((done) => setTimeout(done, 200));
      const [begin] = (await latest.fetchHistory()).events ?? [];
      const input = begin?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
      const bytes = input.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
      // Much, and less than Temporal takes.
      expect(bytes).toBeGreaterThan(900_000);
      expect(bytes).toBeLessThan(1_700_000);
      expect(refused).toBeGreaterThan(50);
      cured = true;
      await latest.signal(Messages.goOn, { alsoPaused: false });
      const end = (await latest.result()) as RunProgress;
      expect(end.totals).toMatchObject({ selected: BATCHES * SIZE, stored: BATCHES * SIZE, failed: 0 });
    });
  });
});
