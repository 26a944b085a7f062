import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createActivities } from '../../src/activities/index.js';
import { loadSettings } from '../../src/config.js';
import type { PlanPageResult } from '../../src/contract/activities.js';
import type { RunPlan } from '../../src/contract/plan.js';
import { openDependencies } from '../../src/hosting/open-dependencies.js';
import { type Scene, setScene } from '../e2e/scene.js';
import { type FarStore, startFarStore } from '../support/far-store.js';
import { startSqld, type TestSqld } from '../support/sqld.js';

const SAMPLES = 40;
/** Long enough that what is asked side by side overlaps, on whatever machine. */
const ROUND_TRIP_MS = 150;
const silent = { info() {}, warn() {}, error() {} };

let scene: Scene;
let sqld: TestSqld;
let far: FarStore;
let dependencies: Awaited<ReturnType<typeof openDependencies>>;
beforeAll(async () => {
  scene = await setScene(SAMPLES);
  sqld = await startSqld();
  far = await startFarStore(sqld.url, ROUND_TRIP_MS);
  const env = { ...scene.env, TURSO_DATABASE_URL: far.url };
  dependencies = await openDependencies(loadSettings(env, scene.path), silent);
});
afterAll(async () => {
  await dependencies?.close();
  await far?.close();
  await sqld?.stop();
  await scene?.close();
});

it('a run asks a far store no more often than it must', async () => {
  const activities = createActivities({
    ...dependencies,
    library: { collection: 'samples', routed: true, serve: async () => undefined, refused: () => undefined },
  });
  const env = new MockActivityEnvironment();
  const request = {
    ...{ selection: { kind: 'all' } as const, reset: false, batchSize: 20, maxRetries: 3, concurrency: 4 },
    ...{ maxCostNanos: null, onBlocked: 'wait' as const },
  };
  const preflight = (runId: string): Promise<RunPlan> =>
    env.run(activities.preflight, {
      ...{ runId, workflowId: 'embed-samples', startedAt: '2026-11-27T00:00:00.000Z', request },
    });
  far.trips();

  // Version and foreign tables; the tables; then as below, with recipe and collection recorded.
  const plan = await preflight('run-1');
  expect(far.trips().inARow).toBeLessThanOrEqual(8);

  // What is stored and what has failed, side by side.
  const page = { selection: request.selection, exactTokens: false, after: null, nextBatch: 1 };
  const { batches }: PlanPageResult = await env.run(activities.planPage, {
    ...{ plan, ...page, leftover: { ids: '', tokensBound: 0 } },
  });
  expect(batches).toHaveLength(2);
  expect(far.trips()).toEqual({ requests: 2, inARow: 1 });

  // A claim and a commit.
  const [batch] = batches;
  const result = await env.run(activities.embedBatch, {
    ...{ plan, batchId: 'b1', ids: batch?.ids ?? '', concurrency: 4, reservedNanos: null },
  });
  expect(result).toMatchObject({ stored: 20, requests: 1 });
  expect(far.trips()).toEqual({ requests: 2, inARow: 2 });

  // Generations and version; identity and shape; the probe; the run's row.
  await preflight('run-2');
  expect(far.trips()).toEqual({ requests: 6, inARow: 4 });
});
