import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../src/contract/activities.js';
import type { RunRecord } from '../../src/contract/progress.js';
import { reaches, result, runWorkflow } from '../support/run-workflow.js';
import { fakeActivities, request, stored, timeSkippingServer } from '../support/time-skipping.js';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await timeSkippingServer();
});
afterAll(() => env?.teardown());

describe('before a run says completed', () => {
  it('what is stored is counted: what a restored store lacks is bought again', async () => {
    let rows = 0;
    let restored = false;
    const embedBatch: Activities['embedBatch'] = async (input) => {
      rows += 100;
      return stored(input);
    };
    const countStored: Activities['countStored'] = async () => {
      if (!restored) rows -= 44;
      restored = true;
      return { byRun: rows, all: rows };
    };
    const plain = fakeActivities(10);
    const planPage: Activities['planPage'] = async (input) => {
      const page = await plain.planPage({ ...input, nextBatch: (input.after ?? 0) / 100 + 1 });
      if (!restored) return page;
      // Second time round: all but 44 samples of the first batch are there.
      const missing = page.batches.filter((batch) => batch.id === 'b1');
      rows -= missing.length * 56;
      return { ...page, batches: missing, stored: page.selected - missing.length * 100 };
    };
    const progress = await runWorkflow(
      env,
      fakeActivities(10, { embedBatch, countStored, planPage }),
      request(),
      result,
    );
    expect(progress.state).toBe('completed');
    expect(progress.totals).toMatchObject({ selected: 1000, stored: 1000, unchanged: 0, failed: 0 });
    expect(rows).toBe(1000);
  });

  it('the run blocks where the store never holds what it took', async () => {
    const countStored: Activities['countStored'] = async () => ({ byRun: 560, all: 560 });
    const plain = fakeActivities(10);
    const planPage: Activities['planPage'] = (input) =>
      plain.planPage({ ...input, nextBatch: (input.after ?? 0) / 100 + 1 });
    await runWorkflow(env, fakeActivities(10, { countStored, planPage }), request(), async (handle) => {
      const blocked = await reaches(handle, 'blocked');
      expect(blocked.reason).toContain('the store holds 560 vectors');
      await handle.terminate();
    });
  });
});

it('a run ends with the money that the ledger has', async () => {
  const told: RunRecord[] = [];
  const money = {
    requests: 7,
    tokens: 70,
    costNanos: 1_400,
    uncertainNanos: 300,
    unpriced: 0,
    ...{ stored: 500, copied: 0, failed: 0 },
  };
  const recordRun: Activities['recordRun'] = async (record) => {
    told.push(record);
    return money;
  };
  const progress = await runWorkflow(env, fakeActivities(5, { recordRun }), request(), result);
  expect(progress).toMatchObject({
    state: 'completed',
    uncertainNanos: 300,
    totals: { requests: 7, tokens: 70, costNanos: 1_400, stored: 500 },
  });
  const sequences = told.map((record) => record.sequence ?? 0);
  expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
  expect(new Set(sequences).size).toBe(sequences.length);
});
