import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RunAttributes } from '../../src/contract/attributes.js';
import { DEMO_SCHEMA, demoSamples } from '../../src/local/demo-catalog/index.js';
import { startTemporal } from '../chaos/temporal.js';
import { postgresQuery, startPostgres } from '../support/postgres.js';
import { idsOf, readStore } from '../support/referee.js';
import { startSqld } from '../support/sqld.js';
import { json, type Scene, setScene } from './scene.js';

// Two thousand activities on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

let scene: Scene;
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let sqld: Awaited<ReturnType<typeof startSqld>>;
let temporal: TestWorkflowEnvironment;
let url: string;

beforeAll(async () => {
  scene = await setScene(10, { latencyMs: 100 });
  postgres = await startPostgres();
  url = await postgres.createDatabase('library');
  for (const statement of DEMO_SCHEMA) await postgresQuery(url, statement);
  for (const { sample, analysis } of demoSamples({ samples: 700 })) {
    await insert('samples', sample);
    if (analysis !== null) await insert('vibe_analyses', analysis);
  }
  sqld = await startSqld();
  temporal = await startTemporal();
});

afterAll(async () => {
  await temporal?.teardown();
  await sqld?.stop();
  await postgres?.stop();
  await scene?.close();
});

const place = () => ({
  TEMPORAL_ADDRESS: temporal.address,
  TEMPORAL_NAMESPACE: temporal.namespace ?? 'default',
});

const insert = (table: string, row: object): Promise<unknown> => {
  const places = Object.keys(row).map((_, index) => `$${index + 1}`);
  return postgresQuery(
    url,
    `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')})`,
    Object.values(row),
  );
};

describe('a long run', () => {
  it('continues as new before its history grows long, and carries its totals on', async () => {
    const long = await setScene(8000, { tokens: 'estimate', vectors: 'cheap' });
    try {
      // Of so few requests at a time each batch is an activity of its own.
      const env = { ...place(), CONCURRENCY: '3' };
      const worker = long.start(['worker'], env);
      const run = await long.run(['--all', '--batch-size', '4', '--json'], env);
      worker.child.kill('SIGTERM');
      await worker.done;
      expect(run).toMatchObject({ code: 0 });
      expect(json(run)).toMatchObject({ state: 'completed', stored: 8000, requests: 2000 });
      const { facts } = readStore(long.store);
      expect(facts.ids).toEqual(idsOf(long.catalog));
      expect(facts.settledNanos).toBe(long.sandbox.bill().costNanos);
      const last = await temporal.client.workflow.getHandle('embed-samples').describe();
      expect(last.runId).not.toBe(json(run).run_id);
      expect(last.historyLength).toBeLessThan(5000);
      expect(last.typedSearchAttributes.get(RunAttributes.state)).toBe('completed');
      expect(last.typedSearchAttributes.get(RunAttributes.percent)).toBe(100);
    } finally {
      await long.close();
    }
  });
});

describe('as a service: PostgreSQL, a libSQL server, a Temporal of its own, workers beside the client', () => {
  it('the client says that no worker is up; two workers share the run; one is killed; all is stored once', async () => {
    const env = {
      ...place(),
      DATABASE_URL: url.replace('postgresql://', 'postgresql+asyncpg://'),
      TURSO_DATABASE_URL: sqld.url,
      CONCURRENCY: '2',
    };
    // The client needs no catalog, no store and no key: its workers have them.
    const client = scene.start(['--all', '--batch-size', '25', '--json'], {
      ...place(),
      DATABASE_URL: '',
      TURSO_DATABASE_URL: '',
      OPENROUTER_API_KEY: '',
    });
    await client.says('No worker answers');
    const workers = [scene.start(['worker'], env), scene.start(['worker'], env)];
    await scene.charged(150);
    workers[0]?.child.kill('SIGKILL');
    const run = await client.done;
    expect(run.code).toBe(0);
    expect(json(run)).toMatchObject({ state: 'completed', stored: 700, failed: 0 });
    expect(scene.sandbox.bill().boughtTwice).toBe(0);
    workers[1]?.child.kill('SIGTERM');
    expect((await workers[1]?.done)?.code).toBe(0);

    const again = scene.start(['worker'], env);
    const rerun = await scene.run(['--all', '--json'], env);
    expect(json(rerun)).toMatchObject({ stored: 0, unchanged: 700, requests: 0 });
    const status = await scene.run(['status', '--json'], env);
    expect(json(status)).toMatchObject({ state: 'completed', unchanged: 700 });
    again.child.kill('SIGTERM');
    await again.done;
  });
});
