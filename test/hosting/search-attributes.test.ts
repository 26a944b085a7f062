import { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSettings } from '../../src/config.js';
import { RunAttributes } from '../../src/contract/attributes.js';
import type { RunProgress } from '../../src/contract/progress.js';
import { joinRun } from '../../src/hosting/join-run.js';
import { initialAttributes, PROBE_QUERY } from '../../src/hosting/search-attributes.js';
import { findTemporalCli } from '../../src/local/temporal/find-binary.js';
import { cacheDir } from '../support/places.js';
import { fakeActivities, request, workerOf } from '../support/time-skipping.js';

let env: TestWorkflowEnvironment;

beforeAll(async () => {
  const path = await findTemporalCli({ pathVar: process.env.PATH ?? '', cacheDir, log: () => undefined });
  env = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'existing-path', path } },
  });
});
afterAll(() => env?.teardown());

/** The real server's client, of which some operator calls are answered here. */
function clientWith(operator: Partial<typeof env.connection.operatorService>): Client {
  const { connection } = env;
  const operatorService = new Proxy(connection.operatorService, {
    get: (real, name) => Reflect.get(operator, name) ?? Reflect.get(real, name),
  });
  const wrapped = new Proxy(connection, {
    get: (real, name) => (name === 'operatorService' ? operatorService : Reflect.get(real, name, real)),
  });
  return new Client({ connection: wrapped });
}

const refusal = (): Promise<never> =>
  Promise.reject(
    Object.assign(new Error('7 PERMISSION_DENIED: Request unauthorized.'), {
      code: 7,
      details: 'Request unauthorized.',
    }),
  );

async function runToItsEnd(client: Client): Promise<{ said: string[]; end: RunProgress; state: unknown }> {
  const said: string[] = [];
  const settings = loadSettings({ TEMPORAL_ADDRESS: env.address });
  const worker = await workerOf(env, fakeActivities(12));
  return worker.runUntil(async () => {
    const wish = { request: request(), fallback: request(), maxCostNanos: null };
    const { handle } = await joinRun(client, wish, { settings, say: (line) => void said.push(line) });
    const end = (await handle.result()) as RunProgress;
    const { typedSearchAttributes } = await handle.describe();
    return { said, end, state: typedSearchAttributes.get(RunAttributes.state) };
  });
}

it('asks in a way that servers before 1.32 read too: they know no negative number', () => {
  expect(PROBE_QUERY).toContain('EmbeddingsPercent = 0.5');
  expect(PROBE_QUERY).not.toMatch(/[<>=]\s*-\d/);
});

it('without the right to register, a run does without and says so once', async () => {
  const { said, end, state } = await runToItsEnd(clientWith({ addSearchAttributes: refusal as never }));
  expect(end).toMatchObject({ state: 'completed', totals: { stored: 1200 } });
  expect(state).toBeUndefined();
  expect(said).toEqual([expect.stringMatching(/goes on without search attributes.*Request unauthorized/)]);
});

it("somebody else's attribute of that name is left alone", async () => {
  const said: string[] = [];
  const client = clientWith({
    listSearchAttributes: (async () => ({ customAttributes: { EmbeddingsFailed: 2 } })) as never,
    addSearchAttributes: (() => expect.unreachable('nothing is registered')) as never,
  });
  expect(
    await initialAttributes(client, { codecKey: null, collection: { name: 'samples' } }, (line) =>
      said.push(line),
    ),
  ).toEqual([]);
  expect(said).toEqual([expect.stringContaining('EmbeddingsFailed exists with another type than INT')]);
});

it('what never comes into effect is not waited for for ever', async () => {
  const said: string[] = [];
  const client = clientWith({ addSearchAttributes: (async () => ({})) as never });
  expect(
    await initialAttributes(
      client,
      { codecKey: null, collection: { name: 'samples' } },
      (line) => said.push(line),
      300,
    ),
  ).toEqual([]);
  expect(said).toEqual([expect.stringContaining('not in effect yet')]);
});

it('with it, they are registered once and the run keeps them up to date', async () => {
  const { said, state } = await runToItsEnd(new Client({ connection: env.connection }));
  expect(said).toEqual([]);
  expect(state).toBe('completed');
  // Known now: nobody needs the right any more.
  const { said: later, state: again } = await runToItsEnd(
    clientWith({ addSearchAttributes: refusal as never, listSearchAttributes: refusal as never }),
  );
  expect(later).toEqual([]);
  expect(again).toBe('completed');
});
