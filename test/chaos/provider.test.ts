import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/local/sandbox-openrouter/index.js';
import { Database } from '../../src/sqlite.js';
import { json, type Scene, setScene } from '../e2e/scene.js';
import { idsOf, judge } from '../support/referee.js';

let scene: Scene;
afterEach(() => scene?.close());

describe('429', () => {
  it('with seconds, a date, garbage and nothing: the gate closes for the whole run, nothing fails', async () => {
    const inASecond = new Date(Date.now() + 1000).toUTCString();
    const faults: Fault[] = ['1', inASecond, 'soon', undefined].map((retryAfter) => ({
      kind: 'status',
      status: 429,
      ...(retryAfter !== undefined && { retryAfter }),
    }));
    scene = await setScene(400, { faults: faults.map((fault) => ({ fault, times: 1 })) });
    const run = await scene.run(['--all', '--max-retries', '0', '--concurrency', '1', '--json']);
    expect(json(run)).toMatchObject({ state: 'completed', stored: 400, failed: 0 });
    const bill = scene.sandbox.bill();
    // After three in a row a neutral text goes first: it is the fourth that is refused, and then passes.
    expect(bill).toMatchObject({ requests: 4 + 1 + 4, boughtTwice: 0 });
    judge(scene.store, idsOf(scene.catalog), bill);
  });

  it('without end: throttled, visible and cancellable', async () => {
    const fault: Fault = { kind: 'status', status: 429, retryAfter: '1000000000' };
    scene = await setScene(400, { faults: [{ fault }] });
    const run = scene.start(['--all'], { CONCURRENCY: '1' });
    await run.says('throttled');
    const status = json(await scene.run(['status', '--json']));
    expect(status).toMatchObject({ state: 'throttled', stored: 0, failed: 0 });
    expect(status.reason).toMatch(/429.* \d{1,3} s more/);
    expect(await scene.run(['cancel'])).toMatchObject({ code: 0 });
    expect((await run.done).code).toBe(3);
    expect(scene.sandbox.bill().requests).toBeLessThanOrEqual(3);
  });
});

describe('one text that is refused', () => {
  it('among 2,437 samples: exactly that one fails, for at most 15 requests more', async () => {
    const fault: Fault = { kind: 'status', status: 400, message: 'cannot embed this' };
    scene = await setScene(2437, {
      tokens: 'estimate',
      vectors: 'cheap',
      faults: [{ fault, contains: 'POISON' }],
    });
    const ids = idsOf(scene.catalog);
    const poisoned = ids[1234] ?? 0;
    const db = new Database(scene.catalog);
    db.prepare("UPDATE samples SET title = 'POISON' WHERE id = ?").run(poisoned);
    db.close();
    const run = await scene.run(['--all', '--json']);
    expect(run.code).toBe(1);
    expect(json(run)).toMatchObject({ state: 'completed', stored: 2436, failed: 1 });
    expect(json(run).failures).toMatchObject([{ sample_id: poisoned, reason: 'Rejected', permanent: true }]);
    const { requests, boughtTwice } = scene.sandbox.bill();
    expect(requests - Math.ceil(2437 / 100)).toBeLessThanOrEqual(15);
    expect(boughtTwice).toBe(0);
    expect(json(await scene.run(['--all', '--json']))).toMatchObject({ requests: 0, failed: 1 });
  });

  it('one after another, all of them: what the provider refuses whatever it is told fails no sample', async () => {
    const fault: Fault = { kind: 'status', status: 400, message: 'unknown field: input' };
    scene = await setScene(400, { faults: [{ fault }] });
    const run = await scene.run(['--all', '--batch-size', '50', '--json']);
    expect(run.code).toBe(3);
    expect(json(run)).toMatchObject({ state: 'blocked', stored: 0, failed: 0 });
    expect(json(run).reason).toMatch(/refuses every text, even a neutral one.*unknown field: input/);
    // A request for each of 8 batches, and the canary request.
    expect(scene.sandbox.bill().requests).toBeLessThanOrEqual(9);
    scene.sandbox.setFaults([]);
    const done = json(await scene.run(['--resume', '--json']));
    expect(done).toMatchObject({ state: 'completed', stored: 400, failed: 0, run_id: json(run).run_id });
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
  });

  it('in the first batch of a capped run: the canary request that tells is within the cap', async () => {
    const fault: Fault = { kind: 'status', status: 400, message: 'cannot embed this' };
    scene = await setScene(60, { tokens: 'estimate', faults: [{ fault, contains: 'POISON' }] });
    const [first] = idsOf(scene.catalog);
    const db = new Database(scene.catalog);
    db.prepare("UPDATE samples SET title = 'POISON' WHERE id = ?").run(first);
    db.close();
    const args = ['--all', '--batch-size', '20', '--concurrency', '1', '--max-cost', '1', '--json'];
    const run = json(await scene.run(args));
    expect(run).toMatchObject({ state: 'completed', stored: 59, failed: 1 });
    const { costNanos, entries } = scene.sandbox.bill();
    expect(run.total_cost_nanodollars).toBe(costNanos);
    expect(entries.filter(({ inputs }) => inputs === 1).length).toBeGreaterThan(0);
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
  });

  it('413 is halved until what is left passes', async () => {
    scene = await setScene(100, { faults: [{ fault: { kind: 'status', status: 413 }, times: 3 }] });
    const run = json(await scene.run(['--all', '--json']));
    expect(run).toMatchObject({ state: 'completed', stored: 100, failed: 0 });
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
    expect(scene.sandbox.bill().boughtTwice).toBe(0);
  });
});

describe('a connection that breaks', () => {
  it('and servers that stumble: the run ends as if nothing had happened; billed without an answer is uncertain', async () => {
    const faults: Fault[] = [
      { kind: 'reset' },
      { kind: 'reset-after-billing' },
      ...[408, 500, 503, 529].map((status) => ({ kind: 'status' as const, status })),
    ];
    scene = await setScene(300, { faults: faults.map((fault) => ({ fault, times: 1 })) });
    const run = json(await scene.run(['--all', '--batch-size', '50', '--concurrency', '6', '--json']));
    expect(run).toMatchObject({ state: 'completed', stored: 300, failed: 0 });
    const facts = judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
    // None of these answers proves that no work was done.
    expect(facts.uncertain).toBe(6);
    expect(facts.settledNanos).toBeLessThan(scene.sandbox.bill().costNanos);
  });

  it('302 is not followed: the run blocks and says which setting', async () => {
    scene = await setScene(50, { faults: [{ fault: { kind: 'redirect' } }] });
    const run = await scene.run(['--all', '--json']);
    expect(run.code).toBe(3);
    expect(json(run)).toMatchObject({ state: 'blocked', stored: 0 });
    expect(json(run).reason).toMatch(/redirect not followed: check OPENROUTER_BASE_URL/);
  });
});
