import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/local/sandbox-openrouter/index.js';
import { Database } from '../../src/sqlite.js';
import { json, type Scene, setScene } from '../e2e/scene.js';
import { idsOf, judge, readStore } from '../support/referee.js';

let scene: Scene;
afterEach(() => scene?.close());

const SPOILT: Fault[] = [
  { kind: 'html' },
  { kind: 'error-in-200', code: 502 },
  ...(
    ['truncated', 'fewer', 'more', 'duplicate-index', 'wrong-dimensions', 'nan', 'zeros', 'permuted'] as const
  ).map((kind) => ({ kind })),
];

describe('a 200 that is no answer', () => {
  it('each of its forms once in a run: nothing of it is stored, and the run ends as if nothing had happened', async () => {
    scene = await setScene(300, { faults: SPOILT.map((fault) => ({ fault, times: 1 })) });
    const run = await scene.run(['--all', '--batch-size', '25', '--concurrency', '12', '--json']);
    expect(run).toMatchObject({ code: 0 });
    expect(json(run)).toMatchObject({ state: 'completed', stored: 300, failed: 0 });
    const bill = scene.sandbox.bill();
    judge(scene.store, idsOf(scene.catalog), bill);
    // Permuted is no fault: it is read by its index.
    expect(bill.requests).toBeGreaterThan(12);
    const again = json(await scene.run(['--all', '--json']));
    expect(again).toMatchObject({ stored: 0, unchanged: 300, requests: 0 });
  });

  it('to one text for ever: its sample fails with the reason, all others are stored', async () => {
    scene = await setScene(120, { faults: [{ fault: { kind: 'zeros' }, contains: 'CURSED' }] });
    const db = new Database(scene.catalog);
    const [first] = idsOf(scene.catalog);
    db.prepare("UPDATE samples SET title = 'CURSED' WHERE id = ?").run(first);
    db.close();
    const run = await scene.run(['--all', '--batch-size', '20', '--max-retries', '0', '--json']);
    expect(json(run)).toMatchObject({ state: 'completed', stored: 119, failed: 1 });
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
    const failures = JSON.parse((await scene.run(['failures', '--json'])).stdout);
    expect(failures[0]).toMatchObject({ reason: 'InvalidResponse', permanent: false });
    expect(failures[0].message).toContain('all zeros');

    // Only what failed is sent when it is tried again.
    scene.sandbox.setFaults([]);
    const before = scene.sandbox.bill();
    const again = await scene.run(['generate', '--failed', '--json']);
    expect(json(again)).toMatchObject({ state: 'completed', total_selected: 1, stored: 1, failed: 0 });
    expect(scene.sandbox.bill().requests - before.requests).toBe(1);
    expect(readStore(scene.store).facts.failed).toEqual([]);
  });

  it('to one text for ever: that sample fails with its reason, its neighbours are stored', async () => {
    scene = await setScene(120, { faults: [{ fault: { kind: 'spoilt', how: 'nan' }, contains: 'CURSED' }] });
    const db = new Database(scene.catalog);
    const [, cursed] = idsOf(scene.catalog);
    db.prepare("UPDATE samples SET title = 'CURSED' WHERE id = ?").run(cursed);
    db.close();
    const run = await scene.run(['--all', '--batch-size', '20', '--max-retries', '1', '--json']);
    expect(json(run)).toMatchObject({ state: 'completed', stored: 119, failed: 1 });
    const facts = judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
    expect(facts.failed).toEqual([cursed]);
    const failures = JSON.parse((await scene.run(['failures', '--json'])).stdout);
    expect(failures[0]).toMatchObject({ reason: 'InvalidResponse', permanent: false });
    expect(failures[0].message).toMatch(new RegExp(`sample ${cursed}.*not finite`));
    // Only the text at fault was bought again, once as a retry and twice alone, and the canary request's once.
    expect(scene.sandbox.bill().boughtTwice).toBeLessThanOrEqual(4);
  });

  it('a page to everything from the first request on: the run blocks at once, with the setting', async () => {
    scene = await setScene(300, { faults: [{ fault: { kind: 'html' } }] });
    const blocked = json(await scene.run(['--all', '--concurrency', '4', '--json']));
    expect(blocked).toMatchObject({ state: 'blocked', stored: 0, failed: 0 });
    expect(blocked.reason).toContain('check OPENROUTER_BASE_URL');
    // Each batch was tried twice at most, a second apart, where four tries take 13 s.
    expect(scene.sandbox.bill().requests).toBeLessThanOrEqual(6);
    scene.sandbox.setFaults([]);
    expect(json(await scene.run(['resume', '--json']))).toMatchObject({ state: 'completed', stored: 300 });
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
  });

  it('of another length to everything: texts are paid for once, and a neutral text tells', async () => {
    scene = await setScene(300, { faults: [{ fault: { kind: 'wrong-dimensions' } }] });
    // With a cap the first request goes alone, as the first one into another generation does.
    const args = ['--all', '--batch-size', '20', '--max-cost', '1', '--json'];
    expect(json(await scene.run(args))).toMatchObject({ state: 'blocked', stored: 0, failed: 0 });
    expect(scene.sandbox.bill()).toMatchObject({ requests: 2, boughtTwice: 0 });
    expect(scene.sandbox.bill().inputs).toBeLessThanOrEqual(20 + 1);
  });

  it('to everything for ever: the run blocks, nothing is stored, and it goes on once the provider is well', async () => {
    scene = await setScene(300, { faults: [{ fault: { kind: 'wrong-dimensions' } }] });
    const args = ['--all', '--batch-size', '20', '--max-retries', '0', '--concurrency', '1', '--json'];
    const blocked = await scene.run(args);
    expect(blocked.code).toBe(3);
    expect(json(blocked)).toMatchObject({ state: 'blocked', stored: 0, failed: 0 });
    expect(json(blocked).reason).toContain(
      'gives vectors of 1535 numbers, not of 1536: set EMBEDDING_DIMENSIONS=1535',
    );
    expect(scene.sandbox.bill().requests).toBeLessThanOrEqual(6);
    scene.sandbox.setFaults([]);
    const done = json(await scene.run(['--resume', '--json']));
    expect(done).toMatchObject({ state: 'completed', stored: 300, run_id: json(blocked).run_id });
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
  });
});

describe('an answer without usage', () => {
  const settled = (): { cost: number | null; source: string; counted: number | null }[] => {
    const db = new Database(scene.store, { readonly: true });
    const sql = `SELECT total_cost_nanos AS cost, json_extract(extra_metadata, '$.cost_source') AS source,
      json_extract(extra_metadata, '$.tokensCountedHere') AS counted FROM api_usage WHERE status = 'settled'`;
    const rows = db.prepare<[], ReturnType<typeof settled>[number]>(sql).all();
    db.close();
    return rows;
  };

  it('is priced by tokens counted here, and marked: never shown as free', async () => {
    scene = await setScene(100, { faults: [{ fault: { kind: 'no-usage' } }] });
    const run = json(await scene.run(['--all', '--json']));
    const { costNanos } = scene.sandbox.bill();
    expect(run).toMatchObject({ state: 'completed', stored: 100, total_cost_nanodollars: costNanos });
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
    expect(settled()).toEqual([{ cost: costNanos, source: 'price', counted: 1 }]);
  });

  it('of a model whose tokens are not known here: the cost is unknown, never 0', async () => {
    scene = await setScene(50, { faults: [{ fault: { kind: 'no-usage' } }], models: ['other/model'] });
    const { code, stdout } = await scene.run(['--all'], { EMBEDDING_MODEL: 'other/model' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/Total Cost +│ cost unknown/);
    expect(stdout).toContain('Processed 50/50 (100.0%) (cost unknown)');
    expect(json(await scene.run(['status', '--json']))).toMatchObject({
      state: 'completed',
      stored: 50,
      total_cost_usd: null,
      total_cost_nanodollars: null,
      requests_of_unknown_cost: 1,
    });
    expect(settled()).toEqual([{ cost: null, source: 'unknown', counted: null }]);
  });
});
