import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { createActivities } from '../../src/activities/index.js';
import { loadSettings } from '../../src/config.js';
import type { PlanPageInput, PlanPageResult } from '../../src/contract/activities.js';
import type { RunPlan } from '../../src/contract/plan.js';
import { createPlannedSamples } from '../../src/domain/planned-samples.js';
import { openDependencies } from '../../src/hosting/open-dependencies.js';
import { type Scene, setScene } from '../e2e/scene.js';

const sample = (id: number, text = `text ${id}`) => ({
  id,
  text,
  hash: `hash ${id}`,
  notes: [],
  tokensBound: text.length,
});

describe('samples remembered from planning', () => {
  let clock = 1;
  const create = () => createPlannedSamples(() => clock);

  it('each is given once, to its own run only', () => {
    const planned = create();
    for (const id of [1, 2, 3]) planned.remember('run-1', sample(id));
    expect(planned.take('run-2', [1])).toEqual([]);
    expect(planned.take('run-1', [3, 1, 9])).toEqual([sample(3), sample(1)]);
    expect(planned.take('run-1', [3, 1, 2])).toEqual([sample(2)]);
  });

  it('not after ten seconds', () => {
    const planned = create();
    planned.remember('run-1', sample(1));
    planned.remember('run-1', sample(2));
    clock += 10_000;
    expect(planned.take('run-1', [1])).toEqual([sample(1)]);
    clock += 1;
    expect(planned.take('run-1', [2])).toEqual([]);
  });

  it('no more than fit, and no very long text', () => {
    const planned = create();
    for (let id = 1; id <= 8193; id++) planned.remember('run-1', sample(id));
    planned.remember('run-1', sample(9000, 'x'.repeat(4001)));
    expect(planned.take('run-1', [1, 2, 9000, 8193])).toEqual([sample(2), sample(8193)]);
  });
});

describe('a batch', () => {
  let scene: Scene;
  let parts: Dependencies & { close(): Promise<void> };
  let read: number[];
  beforeEach(async () => {
    scene = await setScene(40);
    const silent = { info() {}, warn() {}, error() {} };
    parts = await openDependencies(loadSettings(scene.env, scene.path), silent);
    await parts.store.migrate();
    read = [];
  });
  afterEach(async () => {
    await parts.close();
    await scene.close();
  });

  const plan: RunPlan = {
    ...{ runId: 'run-1', startedAt: '2026-01-01T00:00:00.000Z', nanosPerToken: 20, reset: false },
    ...{ model: 'openai/text-embedding-3-small', dimensions: 1536, batchSize: 40, expected: 40 },
  };
  /** A worker of its own, whose catalog notes which ids are read one by one. */
  const worker = () => {
    const readIds: Dependencies['catalog']['readIds'] = (ids) => {
      read.push(...ids);
      return parts.catalog.readIds(ids);
    };
    return createActivities({ ...parts, catalog: { ...parts.catalog, readIds } });
  };
  const planned = async (activities: ReturnType<typeof worker>): Promise<string> => {
    const input: PlanPageInput = {
      ...{ plan, selection: { kind: 'all' }, exactTokens: false, after: null },
      ...{ leftover: { ids: '', tokensBound: 0 }, nextBatch: 1 },
    };
    const page: PlanPageResult = await new MockActivityEnvironment().run(activities.planPage, input);
    expect(page.batches).toHaveLength(1);
    return String(page.batches[0]?.ids);
  };
  const buy = (activities: ReturnType<typeof worker>, ids: string) =>
    new MockActivityEnvironment().run(activities.embedBatch, {
      ...{ plan, batchId: 'b1', ids, concurrency: 4, reservedNanos: null },
    });

  it('is not read again by the worker that has just planned it, and is by any other and by a retry', async () => {
    const here = worker();
    const ids = await planned(here);
    expect(await buy(here, ids)).toMatchObject({ stored: 40, requests: 1 });
    expect(read).toEqual([]);
    expect(await buy(here, ids)).toMatchObject({ stored: 40, requests: 1 });
    expect(read).toHaveLength(40);
    expect(await buy(worker(), ids)).toMatchObject({ stored: 40, requests: 1 });
    expect(read).toHaveLength(80);
    expect(scene.sandbox.bill().entries).toHaveLength(1);
  });
});
