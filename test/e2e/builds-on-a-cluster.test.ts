import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { type Site, setSite } from '../chaos/site.js';
import { startTemporal } from '../chaos/temporal.js';
import { json } from './scene.js';

const SAMPLES = 120;
const NAMESPACES = ['after', 'during', 'scheduled', 'told'];
const OTHER = 'other/model';
const BUILD = ['model', 'build', OTHER, '--dimensions', '64', '--yes'];

let temporal: TestWorkflowEnvironment;
let site: Site;
beforeAll(async () => {
  temporal = await startTemporal(NAMESPACES);
});
afterAll(() => temporal?.teardown());

const namespaces = [...NAMESPACES];
beforeEach(async () => {
  site = await setSite({
    samples: SAMPLES,
    env: {
      ...{ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: namespaces.shift() ?? 'default' },
      ...{ BATCH_SIZE: '20', CONCURRENCY: '1' },
    },
    sandbox: { models: ['openai/text-embedding-3-small', OTHER] },
  });
  site.start(['worker']);
  expect(await site.run(['--all'])).toMatchObject({ code: 0 });
});
afterEach(() => site?.close());

const inCatalog = (sql: string): void => {
  const db = new Database(site.catalog);
  db.exec(sql);
  db.close();
};
const addSamples = (): void =>
  inCatalog("INSERT INTO samples (id, title) VALUES (900001, 'A new break'), (900002, 'A new pad')");
const built = (): number => site.number('SELECT COUNT(*) FROM sample_embeddings_g2');
const hasNewOnes = (): boolean =>
  site.number('SELECT COUNT(*) FROM sample_embeddings_g2 WHERE sample_id > 900000') === 2;
const isOver = (): boolean =>
  site.number(
    "SELECT COUNT(*) FROM embedding_runs WHERE state NOT IN ('completed', 'cancelled', 'failed')",
  ) === 0;

describe('a generation that is being built, on a cluster', () => {
  it('is brought up to date by the workers after a run of all samples', async () => {
    expect(await site.run(BUILD)).toMatchObject({ code: 0 });
    expect(built()).toBe(SAMPLES);
    addSamples();
    expect(json(await site.run(['--all', '--json']))).toMatchObject({ stored: 2, unchanged: SAMPLES });
    await site.until(() => hasNewOnes() && isOver());
    expect(await site.run(['model', 'switch'])).toMatchObject({ code: 0 });
    expect(site.sandbox.bill().boughtTwice).toBe(0);
  });

  it('is brought up to date, too, where its build is under way and had planned all its samples', async () => {
    site.sandbox.setLatency(5000);
    const build = site.start([...BUILD, '--json']);
    await site.until(() => built() > 0);
    addSamples();
    expect(json(await site.run(['--all', '--json']))).toMatchObject({ stored: 2, unchanged: SAMPLES });
    expect(built()).toBeLessThan(SAMPLES);
    site.sandbox.setLatency(0);
    expect(json(await build.done)).toMatchObject({ state: 'completed', failed: 0, stored: SAMPLES + 2 });
    expect(hasNewOnes()).toBe(true);
    expect(await site.run(['model', 'switch'])).toMatchObject({ code: 0 });
    expect(site.sandbox.bill().boughtTwice).toBe(0);
  });

  it('is brought up to date after a scheduled run', async () => {
    expect(await site.run(BUILD)).toMatchObject({ code: 0 });
    addSamples();
    expect(await site.run(['schedule', 'create', 'nightly', '--cron', '0 3 1 1 *'])).toMatchObject({
      code: 0,
    });
    expect(await site.run(['schedule', 'trigger', 'nightly'])).toMatchObject({ code: 0 });
    await site.until(() => hasNewOnes() && isOver());
    expect(await site.run(['model', 'switch'])).toMatchObject({ code: 0 });
  });

  it('is what status, pause, resume and cancel mean while no other run is under way', async () => {
    site.sandbox.setLatency(5000);
    expect(await site.run([...BUILD, '--detach'])).toMatchObject({ code: 0 });
    await site.until(() => built() > 0);
    expect(await site.run(['pause'])).toMatchObject({ code: 0 });
    expect(json(await site.run(['status', '--json']))).toMatchObject({
      ...{ state: 'paused', model: OTHER, worker: true },
    });
    expect(await site.run(['model', 'drop', '2', '--yes'])).toMatchObject({
      ...{ code: 2, stderr: expect.stringMatching(/by a run that is not over.*embeddings cancel/) },
    });
    expect(await site.run(['resume'])).toMatchObject({ code: 0 });
    expect(await site.run(['cancel'])).toMatchObject({ code: 0 });
    await site.until(isOver);
    expect(json(await site.run(['status', '--json']))).toMatchObject({ state: 'cancelled' });
    expect(built()).toBeLessThan(SAMPLES);
    site.sandbox.setLatency(0);
    expect(json(await site.run([...BUILD, '--json']))).toMatchObject({ state: 'completed' });
    expect(site.sandbox.bill().boughtTwice).toBe(0);
  });
});
