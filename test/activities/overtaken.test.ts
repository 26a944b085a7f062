import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { createActivities } from '../../src/activities/index.js';
import { loadSettings } from '../../src/config.js';
import type { EmbedBatchResult } from '../../src/contract/activities.js';
import { openDependencies } from '../../src/hosting/open-dependencies.js';
import { type Scene, setScene } from '../e2e/scene.js';
import { batchOf } from '../support/embed-batch.js';
import { idsOf } from '../support/referee.js';

const silent = { info() {}, warn() {}, error() {} };

let scene: Scene;
let open: (Dependencies & { close(): Promise<void> })[];
beforeEach(async () => {
  scene = await setScene(40, { latencyMs: 400 });
  open = [];
});
afterEach(async () => {
  for (const each of open) await each.close();
  await scene.close();
});

async function worker() {
  const dependencies = await openDependencies(loadSettings(scene.env, scene.path), silent);
  await dependencies.store.migrate();
  open.push(dependencies);
  return createActivities(dependencies);
}

const input = batchOf(40);

const attempt = (activities: ReturnType<typeof createActivities>): Promise<EmbedBatchResult> =>
  new MockActivityEnvironment().run(activities.embedBatch, { ...input, ids: idsOf(scene.catalog).join(',') });

const sent = async (requests: number): Promise<void> => {
  await expect.poll(() => open[0]?.limiter.active, { timeout: 10_000 }).toBe(requests);
};

it('an attempt that was given up on while it waits for its answer is let finish: the next one sends nothing', async () => {
  const activities = await worker();
  const first = attempt(activities);
  await sent(1);
  const second = attempt(activities);
  expect(await first).toMatchObject({ stored: 40, requests: 1 });
  expect(await second).toMatchObject({ stored: 40, requests: 1 });
  expect(scene.sandbox.bill().entries).toHaveLength(1);
});

it('another worker waits for what such an attempt may yet bring, and buys nothing twice', async () => {
  const first = attempt(await worker());
  await sent(1);
  const second = attempt(await worker());
  expect(await first).toMatchObject({ stored: 40 });
  expect(await second).toMatchObject({ stored: 40, uncertainNanos: expect.any(Number) });
  expect(scene.sandbox.bill().boughtTwice).toBe(0);
  expect(scene.sandbox.bill().entries).toHaveLength(1);
});
