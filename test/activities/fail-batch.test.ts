import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { createActivities } from '../../src/activities/index.js';
import { loadSettings } from '../../src/config.js';
import { openDependencies } from '../../src/hosting/open-dependencies.js';
import { type Scene, setScene } from '../e2e/scene.js';
import { planOf } from '../support/embed-batch.js';
import { idsOf, readStore } from '../support/referee.js';

let scene: Scene;
let dependencies: Dependencies & { close(): Promise<void> };
beforeEach(async () => {
  scene = await setScene(10);
  const log = { info() {}, warn() {}, error() {} };
  dependencies = await openDependencies(loadSettings(scene.env, scene.path), log);
  await dependencies.store.migrate();
});
afterEach(async () => {
  await dependencies.close();
  await scene.close();
});

it('writing a batch down as failed lives through a slow catalog: it heartbeats meanwhile', async () => {
  const env = new MockActivityEnvironment();
  const beaten = new Promise<void>((resolve) => {
    env.on('heartbeat', () => resolve());
  });
  const { failBatch } = createActivities({
    ...dependencies,
    catalog: {
      ...dependencies.catalog,
      async readIds(ids) {
        // Without a heartbeat it would stand here, as Temporal would give it to another worker.
        await beaten;
        return dependencies.catalog.readIds(ids);
      },
    },
  });
  const ids = idsOf(scene.catalog);
  const result = await env.run(failBatch, {
    plan: planOf(10),
    batchId: 'b1',
    ids: ids.join(','),
    reason: 'Transient',
    message: 'the server is ill',
    attempts: 4,
  });
  expect(result).toMatchObject({ stored: 0, failed: 10 });
  expect(readStore(scene.store).facts.failed).toEqual(ids);
});
