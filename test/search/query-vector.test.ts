import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/engines/libsql/index.js';
import type { Store } from '../../src/engines/store.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/local/sandbox-openrouter/index.js';
import { createOpenRouter } from '../../src/providers/openrouter.js';
import { type QueryModel, queryVector } from '../../src/search/query-vector.js';
import type { SearchFault } from '../../src/search/search-fault.js';
import { checkLedger } from '../../src/verify/check-ledger.js';
import type { Problem } from '../../src/verify/kinds.js';
import { raw } from '../engines/scene.js';

const MODEL = 'openai/text-embedding-3-small';
let folder: string;
let url: string;
let store: Store;
let sandbox: Sandbox;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-query-'));
  url = `file:${join(folder, 'store.db')}`;
  store = await openStore({ url });
  await store.migrate();
});
afterEach(async () => {
  await store.close();
  await sandbox?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const provider = () => createOpenRouter({ apiKey: 'sk-canary', baseUrl: sandbox.baseUrl, timeoutMs: 3000 });
const QUERIES = (model: string): QueryModel => ({
  ...{ model, dimensions: 8, stored: { dimensions: 8, form: 'float32' }, prefix: '', inputType: null },
});
const ask = async (text: string, model = MODEL): Promise<Uint8Array> =>
  (await queryVector(store, provider, QUERIES(model), text)).vector;
const open = async (options: SandboxOptions): Promise<void> => {
  sandbox = await startSandbox({ key: 'sk-canary', ...options });
};
/** Always: settled ≤ the provider's bill ≤ settled + uncertain. */
async function expectBounds(): Promise<void> {
  const total = (await store.usage('run', { limit: 9 }))?.total;
  const bill = BigInt(sandbox.bill().costNanos);
  expect(total?.costNanos ?? 0n).toBeLessThanOrEqual(bill);
  expect(total?.atMostNanos).not.toBeNull();
  expect(total?.atMostNanos ?? 0n).toBeGreaterThanOrEqual(bill);
  expect(total?.pending).toBe(0);
}
async function problems(): Promise<string[]> {
  const found: Problem[] = [];
  for await (const problem of checkLedger(store)) found.push(problem);
  return found.map(({ kind }) => kind);
}

describe('a query', () => {
  it('is bought once, settled exactly, and nothing in the ledger is wrong', async () => {
    await open({});
    const vector = await ask('warm jazz');
    expect(Buffer.from(await ask('warm jazz'))).toEqual(Buffer.from(vector));
    const { requests, costNanos } = sandbox.bill();
    expect(requests).toBe(1);
    expect((await store.usage('run', { limit: 9 }))?.total).toMatchObject({
      settled: 1,
      costNanos: BigInt(costNanos),
      atMostNanos: BigInt(costNanos),
    });
    expect(await problems()).toEqual([]);
  });

  it('is bounded by the listed price, also of a model that our table does not know', async () => {
    await open({ models: ['new/model'], faults: [{ fault: { kind: 'reset-after-billing' } }] });
    await expect(ask('warm jazz', 'new/model')).rejects.toThrow(/--mode text/);
    expect(sandbox.bill().costNanos).toBeGreaterThan(0);
    expect((await store.usage('run', { limit: 9 }))?.total).toMatchObject({ uncertain: 1 });
    await expectBounds();
    expect(await problems()).toEqual([]);
  });

  it.each([
    ['an answer without usage', { kind: 'no-usage' }],
    ['an answer that never comes', { kind: 'reset-after-billing' }],
    ['an answer that hangs', { kind: 'hang' }],
    ['an answer that cannot be used', { kind: 'nan' }],
    ['half an answer', { kind: 'truncated' }],
    ['a refusal', { kind: 'status', status: 400 }],
    ['an outage', { kind: 'status', status: 503 }],
    ['a refused key', { kind: 'status', status: 401 }],
  ] as const)('%s leaves no attempt open and the bill within its bounds', async (_name, fault) => {
    await open({ faults: [{ fault, times: 1 }] });
    await ask('warm jazz').catch((error: Error) => expect(error.message).toMatch(/--mode text/));
    await expectBounds();
    expect(await problems()).toEqual([]);
  });

  it('asked twice at once, is bought once', async () => {
    await open({ latencyMs: 400 });
    const [first, second] = await Promise.all([ask('warm jazz'), ask('warm jazz')]);
    expect(Buffer.from(second)).toEqual(Buffer.from(first));
    expect(sandbox.bill().requests).toBe(1);
    await expectBounds();
  });

  it('asked twice at once, is bought by the second where the first fails', async () => {
    await open({ latencyMs: 400, faults: [{ fault: { kind: 'status', status: 503 }, times: 1 }] });
    const asked = await Promise.allSettled([ask('warm jazz'), ask('warm jazz')]);
    expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expectBounds();
  });

  it('of a process that was killed is given up by the next search once its lease has expired', async () => {
    await open({});
    const left = {
      requestId: 'killed',
      runId: 'search',
      batchId: 'b',
      model: MODEL,
      operation: 'search' as const,
      boundNanos: 100,
      hashes: ['h'],
    };
    const dead = await openStore({ url });
    await dead.openAttempts([left]);
    await dead.close();
    // Its process may still be alive: nothing is wrong yet.
    expect(await problems()).toEqual([]);
    await raw(url, 'UPDATE api_usage SET lease_until = 0');
    expect(await problems()).toEqual(['ledger_pending']);
    await ask('warm jazz');
    expect(await raw(url, "SELECT status FROM api_usage WHERE request_id = 'killed'")).toMatchObject([
      { status: 'uncertain' },
    ]);
    expect(await problems()).toEqual([]);
  });

  it('is not sent where the provider lists no such model', async () => {
    await open({ models: ['other/model'] });
    await expect(ask('warm jazz')).rejects.toThrow(/not among.*--mode text/);
    expect(sandbox.bill().requests).toBe(0);
    expect(await problems()).toEqual([]);
  });
});

describe('the daily cap', () => {
  const reserve = (requestId: string, boundNanos: number) =>
    store.openAttempts([
      {
        ...{ requestId, runId: 'search', batchId: requestId, model: MODEL, operation: 'search' as const },
        ...{ boundNanos, boundTokens: 1, hashes: [] },
      },
    ]);
  const within = (nanos: number, text: string) =>
    queryVector(store, provider, QUERIES(MODEL), text, { cap: { nanos, setting: '--max-daily-cost' } }).then(
      () => 'bought',
      (error: SearchFault) => error.trouble,
    );

  it('is for what was paid and what queries opened before may cost; an ended one counts as what it cost', async () => {
    await open({});
    await ask('the first shows the price');
    const { costNanos } = sandbox.bill();
    await reserve('earlier', 1_000_000);
    expect(await within(costNanos, 'a')).toBe('cap');
    expect(await within(costNanos + 1_000_000, 'a')).toBe('cap-reserved');
    expect(await within(costNanos + 2_000_000, 'a')).toBe('bought');
    await store.withdraw(['earlier']);
    expect(await within(costNanos + 1_000_000, 'b')).toBe('bought');
  });

  it('lets the earlier of two queries through that cannot both be paid', async () => {
    await open({ latencyMs: 300 });
    await ask('the first shows the price');
    const { costNanos } = sandbox.bill();
    const bound = 2 * costNanos;
    const all = await Promise.all(['p', 'q', 'r', 's'].map((text) => within(costNanos + bound, text)));
    expect(all).toContain('bought');
    expect(all.filter((one) => one !== 'bought')).not.toContain('cap');
    expect(await problems()).toEqual([]);
  });
});
