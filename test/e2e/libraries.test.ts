import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { startTemporal } from '../chaos/temporal.js';
import { type Finished, runCli, startCli, temporaryFolder } from '../support/cli.js';
import { readStore } from '../support/referee.js';
import { json, type Scene, setScene } from './scene.js';

// Each starts a dozen processes.
vi.setConfig({ testTimeout: 150_000 });

let temporal: TestWorkflowEnvironment;
let one: Scene;
let other: Scene;
const running: ReturnType<Scene['start']>[] = [];

beforeAll(async () => {
  temporal = await startTemporal();
});
afterAll(() => temporal?.teardown());

/** The same ids in both, other titles. */
async function rename(catalog: string): Promise<void> {
  const db = new Database(catalog);
  db.exec("UPDATE samples SET title = 'Other ' || title");
  db.close();
}

beforeEach(async () => {
  one = await setScene(400, { latencyMs: 100 });
  other = await setScene(120);
  await rename(other.catalog);
});
afterEach(async () => {
  for (const { child, done } of running.splice(0)) {
    child.kill('SIGKILL');
    await done;
  }
  const handle = temporal.client.workflow.getHandle('embed-samples');
  await handle.terminate().catch(() => undefined);
  await one.close();
  await other.close();
});

const place = () => ({
  TEMPORAL_ADDRESS: temporal.address,
  TEMPORAL_NAMESPACE: temporal.namespace ?? 'default',
  EMBEDDINGS_METRICS_ADDRESS: 'off',
});

async function worker(scene: Scene, env: Record<string, string> = {}) {
  const started = scene.start(['worker'], { ...place(), ...env });
  running.push(started);
  await started.says('worker is up');
  return started;
}

const stored = (scene: Scene): number => readStore(scene.store).facts.ids.length;
const titlesOf = (path: string): string[] => {
  const db = new Database(path, { readonly: true });
  const rows = db.prepare('SELECT embedding_source AS text FROM sample_embeddings').all() as {
    text: string;
  }[];
  db.close();
  return rows.map(({ text }) => text);
};

describe('two libraries on one Temporal, each with a worker', () => {
  it('each run works on its own catalog and store, and is paid by its own', async () => {
    await worker(one);
    await worker(other);
    for (const [scene, samples] of [
      [one, 400],
      [other, 120],
    ] as const) {
      const run = await scene.run(['--all', '--json'], place());
      expect(run).toMatchObject({ code: 0 });
      expect(json(run)).toMatchObject({ stored: samples, failed: 0 });
    }
    expect([stored(one), stored(other)]).toEqual([400, 120]);
    expect(titlesOf(one.store).some((text) => text.startsWith('Title: Other'))).toBe(false);
    expect(titlesOf(other.store).every((text) => text.startsWith('Title: Other'))).toBe(true);
    // Some samples have the same text, which is bought once.
    expect([one.sandbox.bill().inputs, other.sandbox.bill().inputs]).toEqual([
      new Set(titlesOf(one.store)).size,
      new Set(titlesOf(other.store)).size,
    ]);
  });

  it('a run whose worker is not up says so, and the other worker does nothing for it', async () => {
    const own = await worker(one);
    own.child.kill('SIGKILL');
    await own.done;
    await worker(other);
    const client = one.start(['--all', '--json'], place());
    running.push(client);
    await client.says('no worker over this run’s store');
    expect(one.sandbox.bill().requests + other.sandbox.bill().requests).toBe(0);
    await worker(one);
    const run = await client.done;
    expect(run.code).toBe(0);
    expect(json(run)).toMatchObject({ stored: 400 });
    expect(other.sandbox.bill().requests).toBe(0);
  });

  it('a first run into a store that is new goes to no worker of another library', async () => {
    await worker(one);
    const client = other.start(['--all', '--json'], place());
    running.push(client);
    await client.says('no worker over this run’s store');
    expect(one.sandbox.bill().requests + other.sandbox.bill().requests).toBe(0);
    expect(await other.run(['cancel', '--json'], place())).toMatchObject({ code: 0 });
    await client.done;
    // The store never heard of it.
    expect(json(await other.run(['status', '--json'], place()))).toMatchObject({ state: 'cancelled' });
    expect(stored(one)).toBe(0);
  });

  it('while one has its run, the other can neither join, pause nor cancel it', async () => {
    await worker(one);
    await worker(other);
    const client = one.start(['--all', '--batch-size', '5', '--concurrency', '1', '--json'], place());
    running.push(client);
    await one.charged(20);
    // It stands meanwhile.
    expect(await one.run(['pause'], place())).toMatchObject({ code: 0 });
    for (const line of [['--all'], ['pause'], ['resume'], ['cancel']]) {
      const answer = await other.run([...line, '--json'], place());
      expect(answer).toMatchObject({ code: 2, stderr: expect.stringContaining('into another store') });
    }
    expect(json(await client.done)).toMatchObject({ state: 'paused' });
    const run = await one.run(['--resume', '--json'], place());
    expect(json(run)).toMatchObject({ state: 'completed', stored: 400 });
  });

  it('with names of their own they run at the same time', async () => {
    const named = { EMBEDDINGS_COLLECTION: 'other-library' };
    await worker(one);
    await worker(other, named);
    const [first, second] = await Promise.all([
      one.run(['--all', '--json'], place()),
      other.run(['--all', '--json'], { ...place(), ...named }),
    ]);
    expect([json(first).stored, json(second).stored]).toEqual([400, 120]);
    const open = temporal.client.workflow.getHandle('embed-other-library');
    expect(await open.describe()).toMatchObject({ status: { name: 'COMPLETED' } });
  });
});

describe('a worker over the right store and another catalog', () => {
  it('takes nothing, says so, and leaves the run to the right one', async () => {
    const right = await worker(one);
    const wrong = await worker(one, { DATABASE_URL: other.catalog });
    const run = await one.run(['--all', '--batch-size', '10', '--json'], place());
    expect(json(run)).toMatchObject({ state: 'completed', stored: 400, failed: 0 });
    expect(titlesOf(one.store).some((text) => text.startsWith('Title: Other'))).toBe(false);
    expect(wrong.output()).toContain('reads another catalog');
    expect(right.output()).not.toContain('reads another catalog');
    expect(one.sandbox.bill().boughtTwice).toBe(0);
  });

  it('alone, it lets the run wait', async () => {
    await worker(one, { DATABASE_URL: other.catalog });
    const client = one.start(['--all', '--json'], place());
    running.push(client);
    await client.says('reads another catalog');
    expect(one.sandbox.bill().inputs).toBe(0);
    expect(stored(one)).toBe(0);
  });
});

it('in one-command mode a run that a command with another catalog goes on with blocks, and says the cure', async () => {
  const first = one.start(['--all', '--batch-size', '10', '--concurrency', '1'], {});
  running.push(first);
  await one.charged(20);
  first.child.kill('SIGKILL');
  await first.done;
  const blocked = await one.run(['--resume', '--json'], { DATABASE_URL: other.catalog });
  expect(blocked.code).toBe(3);
  expect(json(blocked)).toMatchObject({ state: 'blocked' });
  expect(blocked.stdout).toMatch(/set DATABASE_URL .* back to that of the run/);
  expect(titlesOf(one.store).some((text) => text.startsWith('Title: Other'))).toBe(false);
  const run = await one.run(['--resume', '--json']);
  expect(json(run)).toMatchObject({ state: 'completed', stored: 400 });
  expect(titlesOf(one.store).some((text) => text.startsWith('Title: Other'))).toBe(false);
});

it('a run that is cancelled while no worker is up: cancel returns, and status says what was asked', async () => {
  const client = other.start(['--all', '--json'], place());
  running.push(client);
  await client.says('No worker answers');
  const cancel = await other.run(['cancel', '--json'], place());
  expect(cancel).toMatchObject({ code: 3, stdout: expect.stringContaining('cancelling') });
  const status = await other.run(['status'], place());
  expect(status.stdout).toContain('a person has cancelled it');
});

describe('a store of another collection', () => {
  it('is refused before anything is bought', async () => {
    await worker(one);
    expect(json(await one.run(['--all', '--json'], place()))).toMatchObject({ stored: 400 });
    const bought = one.sandbox.bill().inputs;
    const named = { ...place(), EMBEDDINGS_COLLECTION: 'drums' };
    const wrong = one.start(['worker'], named);
    running.push(wrong);
    await wrong.says('holds the collection samples');
    const run = await one.run(['--all', '--json'], named);
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('of the collection samples') });
    expect(one.sandbox.bill().inputs).toBe(bought);
    for (const line of [['status'], ['--dry-run', '--all'], ['doctor']])
      expect(await one.run(line, { ...named, TEMPORAL_ADDRESS: '' })).toMatchObject({ code: 2 });
  });

  it('under its new name is the same library', async () => {
    const first = await worker(one);
    expect(json(await one.run(['--all', '--json'], place()))).toMatchObject({ stored: 400 });
    first.child.kill('SIGTERM');
    await first.done;
    const named = { ...place(), EMBEDDINGS_COLLECTION: 'drums' };
    const renamed = await one.run(['collections', '--rename', 'samples', '--json'], named);
    expect(json(renamed)).toMatchObject({ renamed: true, to: 'drums' });
    await worker(one, { EMBEDDINGS_COLLECTION: 'drums' });
    const again = await one.run(['--all', '--json'], named);
    expect(json(again)).toMatchObject({ state: 'completed', unchanged: 400, requests: 0 });
  });
});

describe('a file that declares two collections', () => {
  it('is served by one worker, each with its own run, at the same time; and the store of each is its own', async () => {
    const folder = temporaryFolder();
    try {
      writeFileSync(
        join(folder.path, 'embeddings.config.yaml'),
        `collections:
  one:
    source: { url: "sqlite:///${one.catalog}" }
    store: { url: "file:one.db" }
  titles:
    source: { url: "sqlite:///${other.catalog}", table: samples, id: id }
    text: |
      {title}
      BPM {bpm | round}
    store: { url: "file:titles.db" }
`,
      );
      const env = { ...place(), OPENROUTER_API_KEY: 'sk-canary', OPENROUTER_BASE_URL: one.sandbox.baseUrl };
      const served = startCli(folder.path, ['worker'], env);
      running.push(served);
      await served.says('worker is up');
      const [first, second] = await Promise.all(
        ['one', 'titles'].map((name) => runCli(folder.path, ['--all', '--collection', name, '--json'], env)),
      );
      expect([json(first as Finished).stored, json(second as Finished).stored]).toEqual([400, 120]);
      expect(titlesOf(join(folder.path, 'titles.db'))).toContainEqual(
        expect.stringMatching(/^Other .+\nBPM \d+$/),
      );
      expect(titlesOf(join(folder.path, 'one.db')).some((text) => text.startsWith('Other'))).toBe(false);
      const listed = await runCli(folder.path, ['collections', '--json'], env);
      expect(JSON.parse(listed.stdout)).toMatchObject([
        { name: 'one', vectors: 400, state: 'completed' },
        { name: 'titles', vectors: 120, state: 'completed' },
      ]);
    } finally {
      folder.remove();
    }
  });
});
