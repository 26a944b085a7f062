import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { zeroTotals } from '../../src/contract/progress.js';
import { openStore } from '../../src/engines/libsql/index.js';
import { runCli, temporaryFolder } from '../support/cli.js';
import { runRequest } from '../support/run-request.js';

let folder: ReturnType<typeof temporaryFolder>;
let url: string;
beforeEach(() => {
  folder = temporaryFolder();
  url = `file:${join(folder.path, 'store.db')}`;
});
afterEach(() => folder.remove());

/** A store that remembers a run of which 680 of 2,000 are stored, and 1,000 are planned. */
async function remember(): Promise<void> {
  const store = await openStore({ url });
  await store.migrate();
  await store.saveRun({
    runId: 'run-1',
    workflowId: 'embed-samples',
    request: JSON.stringify(runRequest()),
    state: 'running',
    reason: null,
    totals: { ...zeroTotals(), selected: 1000, stored: 680 },
    expected: 2000,
    startedAt: '2026-11-23T04:00:00.000Z',
    sequence: 1,
  });
  await store.close();
}

/** An address of this machine at which nobody listens. */
async function nobody(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

const status = (env: Record<string, string>, ...args: string[]) =>
  runCli(folder.path, ['status', ...args], { TURSO_DATABASE_URL: url, ...env });

it('counts against the whole, also while it is being planned', async () => {
  await remember();
  const { code, stdout } = await status({});
  expect(code).toBe(3);
  expect(stdout).toContain('Processed 680/2,000 (34.0%)');
  // Without a history of Temporal's nothing can be cancelled.
  expect(stdout).toMatch(/No worker is up\..*embeddings --resume\n$/);
  mkdirSync(join(folder.path, '.embeddings'), { recursive: true });
  writeFileSync(join(folder.path, '.embeddings', 'temporal.db'), '');
  expect((await status({})).stdout).toMatch(/embeddings --resume · end it: embeddings cancel\n$/);
});

it('tells from the store what the run may have cost besides', async () => {
  await remember();
  const store = await openStore({ url });
  const attempt = {
    requestId: 'r1',
    runId: 'run-1',
    batchId: 'b1',
    model: 'm',
    operation: 'embeddings',
  } as const;
  await store.openAttempts([{ ...attempt, boundNanos: 311_100, hashes: [] }]);
  await store.close();
  expect((await status({})).stdout).toContain('Perhaps besides: up to $0.0003');
  expect(JSON.parse((await status({}, '--json')).stdout)).toMatchObject({
    uncertain_cost_nanodollars: 311_100,
  });
});

it('tells from the store the model that was bought from, and that nobody works on what is over', async () => {
  await remember();
  const store = await openStore({ url });
  const attempt = {
    requestId: 'r1',
    runId: 'run-1',
    batchId: 'b1',
    model: 'maker/model-1',
    operation: 'embeddings',
  } as const;
  await store.openAttempts([{ ...attempt, boundNanos: 1, hashes: [] }]);
  expect(JSON.parse((await status({}, '--json')).stdout)).toMatchObject({
    model: 'maker/model-1',
    worker: false,
  });
  await store.saveRun({
    runId: 'run-1',
    workflowId: 'embed-samples',
    request: JSON.stringify(runRequest()),
    state: 'completed',
    reason: null,
    totals: { ...zeroTotals(), selected: 2000, stored: 2000 },
    startedAt: '2026-11-23T04:00:00.000Z',
    sequence: 2,
  });
  await store.close();
  const over = await status({}, '--json');
  expect(over.code).toBe(0);
  expect(JSON.parse(over.stdout)).toMatchObject({
    state: 'completed',
    model: 'maker/model-1',
    worker: false,
  });
});

it('answers from the store where Temporal is down, and says so', async () => {
  await remember();
  const TEMPORAL_ADDRESS = await nobody();
  const told = await status({ TEMPORAL_ADDRESS });
  expect(told.code).toBe(3);
  expect(told.stdout).toContain('Processed 680/2,000 (34.0%)');
  expect(told.stdout).toContain(
    `This is what the store knows. TEMPORAL_ADDRESS: no Temporal answers at ${TEMPORAL_ADDRESS}`,
  );
  expect(JSON.parse((await status({ TEMPORAL_ADDRESS }, '--json')).stdout)).toMatchObject({
    source: 'store',
    worker: null,
    temporal: expect.stringContaining(TEMPORAL_ADDRESS),
    stored: 680,
    total_expected: 2000,
  });
});

it('is refused where neither Temporal nor a store can tell', async () => {
  const TEMPORAL_ADDRESS = await nobody();
  const { code, stderr } = await status({ TEMPORAL_ADDRESS, TURSO_DATABASE_URL: '' });
  expect(code).toBe(2);
  expect(stderr).toBe(`error: TEMPORAL_ADDRESS: no Temporal answers at ${TEMPORAL_ADDRESS}\n`);
});

it('reads a store whose tables are of an earlier version, as far as that counted', async () => {
  await remember();
  const old = createClient({ url });
  await old.execute('ALTER TABLE embedding_runs DROP COLUMN expected');
  old.close();
  expect((await status({})).stdout).toContain('Processed 680/1,000 (68.0%)');
});

it.each(['cancel', 'pause', 'resume'])(
  '%s says what became of a run whose history is gone',
  async (command) => {
    await remember();
    const { code, stderr } = await runCli(folder.path, [command], { TURSO_DATABASE_URL: url });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: no run is under way: the store has a run that is running, but Temporal does not know it.*embeddings --resume, .*embeddings --all\n$/,
    );
  },
);
