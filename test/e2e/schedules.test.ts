import { ScheduleOverlapPolicy } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findTemporalCli } from '../../src/local/temporal/find-binary.js';
import { Database } from '../../src/sqlite.js';
import { cacheDir } from '../support/places.js';
import { idsOf, judge, readStore } from '../support/referee.js';
import { json, type Scene, setScene } from './scene.js';

interface Run {
  at: string;
  state: string;
  reason: string | null;
  stored: number | null;
  unchanged: number | null;
  pruned: number | null;
  requests: number | null;
  total_cost_nanodollars: number | null;
}

let path: string;
beforeAll(async () => {
  path = await findTemporalCli({ pathVar: process.env.PATH ?? '', cacheDir, log: () => undefined });
});

let scene: Scene;
let temporal: TestWorkflowEnvironment | undefined;
let worker: ReturnType<Scene['start']> | undefined;
let env: Record<string, string>;

/** A service: a Temporal of its own and a worker beside the client, whatever is said to it encrypted. */
async function setService(samples: number, latencyMs = 0): Promise<void> {
  scene = await setScene(samples, { latencyMs });
  temporal = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
  });
  env = { TEMPORAL_ADDRESS: temporal.address, EMBEDDINGS_CODEC_KEY: '0f'.repeat(32), CONCURRENCY: '1' };
  worker = scene.start(['worker', '--grace', '5'], env);
}

afterEach(async () => {
  worker?.child.kill('SIGTERM');
  await worker?.done;
  worker = undefined;
  await temporal?.teardown();
  temporal = undefined;
  await scene?.close();
});

const schedule = (...args: string[]): ReturnType<Scene['run']> => scene.run(['schedule', ...args], env);
const ok = async (...args: string[]): Promise<Record<string, unknown>> => {
  const output = await schedule(...args, '--json');
  expect(output).toMatchObject({ code: 0 });
  return json(output);
};
const pastRuns = async (name: string): Promise<Run[]> => (await ok('describe', name)).last_runs as Run[];
/** Waits for the newest of so many runs to be over. */
async function over(name: string, runs: number): Promise<Run> {
  while (true) {
    const past = await pastRuns(name);
    const [last] = past;
    if (past.length === runs && last !== undefined && /completed|failed|skipped/.test(last.state))
      return last;
  }
}
const edit = (sql: string): void => {
  const catalog = new Database(scene.catalog);
  catalog.pragma('foreign_keys = OFF');
  catalog.exec(sql);
  catalog.close();
};
/** Fires as the time would, without asking whether a run is under way. */
const fire = (name: string): Promise<void> =>
  (temporal as TestWorkflowEnvironment).client.schedule.getHandle(name).trigger(ScheduleOverlapPolicy.SKIP);

describe('a schedule', () => {
  it('is made, found, paused, resumed, triggered and deleted; a night without changes costs nothing; what is gone is pruned', async () => {
    await setService(250);
    const made = await ok(
      'create',
      'nightly',
      '--cron',
      '0 3 * * *',
      '--timezone',
      'Europe/Berlin',
      '--prune',
    );
    expect(made).toMatchObject({
      name: 'nightly',
      cron: '0 3 * * *',
      timezone: 'Europe/Berlin',
      every: null,
      paused: false,
      prune: true,
      selection: { kind: 'all' },
      jitter_seconds: 300,
      catch_up_seconds: 3600,
      only_while_dev_is_up: false,
    });
    const [next = ''] = made.next_runs as string[];
    expect(next).toMatch(/T0[12]:0[0-5]:/);
    const twice = await schedule('create', 'nightly', '--every', '1d');
    expect(twice).toMatchObject({ code: 2 });
    expect(twice.stderr).toMatch(/^error: there is a schedule "nightly" already: .*delete nightly\n$/);

    await ok('trigger', 'nightly');
    const first = await over('nightly', 1);
    const { costNanos, requests } = scene.sandbox.bill();
    expect(first).toMatchObject({ state: 'completed', stored: 250, total_cost_nanodollars: costNanos });
    expect(costNanos).toBeGreaterThan(0);

    await ok('trigger', 'nightly');
    const second = await over('nightly', 2);
    expect(second).toMatchObject({ state: 'completed', stored: 0, unchanged: 250, requests: 0 });
    expect(second).toMatchObject({ total_cost_nanodollars: 0, pruned: 0 });
    expect(scene.sandbox.bill().requests).toBe(requests);

    const gone = idsOf(scene.catalog).slice(10, 40);
    edit(`DELETE FROM samples WHERE id IN (${gone})`);
    expect(json(await scene.run(['--all', '--json'], env))).toMatchObject({ unchanged: 220, pruned: 0 });
    expect(readStore(scene.store).vectors).toHaveLength(250);
    await ok('trigger', 'nightly');
    expect(await over('nightly', 3)).toMatchObject({ state: 'completed', pruned: 30, requests: 0 });
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
    const status = await scene.run(['status', '--json'], env);
    expect(json(status)).toMatchObject({ state: 'completed', pruned: 30, schedule: 'nightly' });

    expect(await ok('pause', 'nightly', '--note', 'moving house')).toMatchObject({
      paused: true,
      next_runs: [],
    });
    const list = JSON.parse((await schedule('list', '--json')).stdout);
    expect(list).toMatchObject([{ name: 'nightly', note: 'moving house', last_run: { pruned: 30 } }]);
    expect((await schedule('list')).stdout).toMatch(
      /nightly .*0 3 \* \* \* Europe\/Berlin .*paused .*completed/,
    );
    // Without the store, Temporal's own memory has to do.
    const blind = await scene.run(['schedule', 'list', '--json'], {
      ...env,
      TURSO_DATABASE_URL: 'http://127.0.0.1:9',
    });
    expect(blind.stderr).toContain('What runs cost cannot be read');
    expect(JSON.parse(blind.stdout)).toMatchObject([{ last_run: { state: 'completed', pruned: 30 } }]);
    expect(await ok('resume', 'nightly')).toMatchObject({ paused: false });
    expect(await schedule('resume', 'nightly')).toMatchObject({ code: 2 });
    await ok('delete', 'nightly');
    const actions = ['describe', 'pause', 'resume', 'trigger', 'delete'];
    for (const none of await Promise.all(actions.map((action) => schedule(action, 'nightly')))) {
      expect(none.code).toBe(2);
      expect(none.stderr).toMatch(/^error: there is no schedule "nightly"; .*\n$/);
    }
  });

  it('is skipped while a run is under way; a command beside its run joins it, or says what runs', async () => {
    await setService(300, 400);
    await ok('create', 'nightly', '--every', '6h', '--batch-size', '20', '--concurrency', '1');
    const byHand = scene.start(['--all', '--batch-size', '20', '--json'], env);
    await scene.charged(20);
    const refused = await schedule('trigger', 'nightly');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /^error: nothing was triggered: a run of all samples is under way; watch it/,
    );
    await fire('nightly');
    expect(await over('nightly', 1)).toMatchObject({
      state: 'skipped',
      reason: 'another run was under way',
      total_cost_nanodollars: null,
    });
    expect(json(await byHand.done)).toMatchObject({ state: 'completed', stored: 300 });

    edit("UPDATE samples SET title = title || ' again'");
    const charged = scene.sandbox.bill().inputs;
    // It is under way for as long as two commands take to start on a busy machine.
    scene.sandbox.setFaults([{ fault: { kind: 'slow', ms: 2000 } }]);
    await fire('nightly');
    await scene.charged(charged + 20);
    const other = await scene.run(['--sample-ids', '1-5'], env);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(
      /^error: a run of all samples, started by the schedule nightly, is under way: watch it with embeddings status/,
    );
    const joined = await scene.run(['--all', '--json'], env);
    expect(json(joined)).toMatchObject({ state: 'completed', stored: 300, schedule: 'nightly' });
    expect(await over('nightly', 2)).toMatchObject({ state: 'completed', stored: 300 });
    expect(scene.sandbox.bill().boughtTwice).toBe(0);
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
  });

  it('fails rather than waits: at its cap, and where the provider or the catalog cannot be used', async () => {
    await setService(300);
    await ok('create', 'capped', '--every', '1d', '--max-cost', '0.001');
    await ok('trigger', 'capped');
    const capped = await over('capped', 1);
    expect(capped).toMatchObject({ state: 'failed', reason: expect.stringContaining('--max-cost') });
    expect(capped.total_cost_nanodollars).toBe(scene.sandbox.bill().costNanos);
    expect(capped.stored).toBe(100);
    expect(capped.total_cost_nanodollars).toBeLessThanOrEqual(1_000_000);

    scene.sandbox.setFaults([{ fault: { kind: 'status', status: 402, message: 'no credit' } }]);
    await ok('trigger', 'capped');
    expect(await over('capped', 2)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('402'),
    });
    scene.sandbox.setFaults([]);

    await ok('create', 'pruning', '--every', '1w', '--prune');
    edit('DELETE FROM samples');
    await ok('trigger', 'pruning');
    const refused = await over('pruning', 1);
    expect(refused).toMatchObject({ state: 'failed', stored: null });
    expect(refused.reason).toMatch(
      /the catalog holds no sample at all: does DATABASE_URL .* name the right one/,
    );
    expect(readStore(scene.store).vectors).toHaveLength(100);
    const shown = await schedule('describe', 'pruning');
    expect(shown.stdout).toMatch(/failed: --prune: the catalog holds no sample at all/);
  });
});

describe('in one-command mode', () => {
  it('says that it fires only while dev is up; what was triggered begins with dev', async () => {
    scene = await setScene(60);
    env = {};
    const made = await schedule('create', '--every', '30m');
    expect(made).toMatchObject({ code: 0 });
    expect(made.stdout).toContain('it fires only while `embeddings dev` is up here');
    expect((await schedule('trigger')).stdout).toContain(
      'no worker is up: its run begins with `embeddings dev`',
    );
    const again = await schedule('trigger');
    expect(again).toMatchObject({ code: 2 });
    expect(again.stderr).toContain('has fired and waits for a worker');
    const [waiting] = await pastRuns('embed-samples');
    expect(waiting).toMatchObject({ state: 'waiting', stored: null });
    worker = scene.start(['dev']);
    expect(await over('embed-samples', 1)).toMatchObject({ state: 'completed', stored: 60 });
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
  });
});
