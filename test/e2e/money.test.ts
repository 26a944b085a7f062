import { afterEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { idsOf, judge, readStore } from '../support/referee.js';
import { json, type Scene, setScene } from './scene.js';

let scene: Scene;
afterEach(() => scene?.close());

/** The provider's bill lies between what was settled and what unanswered attempts may have cost besides. */
function bracket(): { settled: number; bill: number; most: number } {
  const db = new Database(scene.store, { readonly: true });
  const { uncertain } = db
    .prepare<[], { uncertain: number | null }>(
      "SELECT SUM(json_extract(extra_metadata, '$.bound_nanos')) AS uncertain FROM api_usage WHERE status = 'uncertain'",
    )
    .get() ?? { uncertain: 0 };
  db.close();
  const settled = readStore(scene.store).facts.settledNanos;
  return { settled, bill: scene.sandbox.bill().costNanos, most: settled + Number(uncertain ?? 0) };
}

describe('--max-cost is hard', () => {
  it('when answers are lost after they were billed: each such attempt counts at its bound', async () => {
    const lost = { fault: { kind: 'reset-after-billing' } as const, times: 4 };
    scene = await setScene(600, { faults: [lost] });
    const capped = await scene.run(['--all', '--max-cost', '0.002', '--json'], { CONCURRENCY: '2' });
    expect(capped.code).toBe(3);
    const { settled, bill, most } = bracket();
    expect(bill).toBeGreaterThan(0);
    expect(bill).toBeLessThanOrEqual(2_000_000);
    expect(settled).toBeLessThanOrEqual(bill);
    expect(bill).toBeLessThanOrEqual(most);
    expect(json(capped)).toMatchObject({ state: 'paused' });
    expect(Number(json(capped).uncertain_cost_nanodollars)).toBeGreaterThan(0);
    const rest = await scene.run(['--resume', '--max-cost', '1', '--json']);
    expect(json(rest)).toMatchObject({ state: 'completed', stored: 600, failed: 0 });
    judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
  });

  it('when texts grow after they were planned: nothing is sent before more is reserved', async () => {
    scene = await setScene(600, { latencyMs: 200 });
    const grow = (times: number): void => {
      const catalog = new Database(scene.catalog);
      catalog
        .prepare(
          "UPDATE samples SET title = title || ' ' || ? WHERE id > (SELECT MAX(id) - 150 FROM samples)",
        )
        .run('loud distorted drums and a wandering bass '.repeat(times));
      catalog.close();
    };
    // Long from the beginning: what is shorter is not read again within ten seconds of planning.
    grow(100);
    const run = scene.start(['--all', '--max-cost', '0.008', '--json'], { CONCURRENCY: '1' });
    await scene.charged(1);
    grow(200);
    const ended = await run.done;
    expect(ended.code).toBe(3);
    expect(json(ended)).toMatchObject({ state: 'paused' });
    expect(scene.sandbox.bill().costNanos).toBeLessThanOrEqual(8_000_000);
    const rest = await scene.run(['--resume', '--max-cost', '1', '--json']);
    expect(json(rest)).toMatchObject({ state: 'completed', stored: 600, failed: 0 });
  });
});

it('a limit that nobody stated is kept to: all stored, few requests refused, the pace is told', async () => {
  scene = await setScene(800, { limit: { requestsPerMinute: 600, holdsSeconds: 1 } });
  const run = scene.start(['--all', '--json', '--batch-size', '4']);
  await scene.charged(200);
  const told = json(await scene.run(['status', '--json']));
  expect(json(await run.done)).toMatchObject({ state: 'completed', stored: 800, failed: 0 });
  expect(Number(told.learned_requests_per_minute)).toBeGreaterThan(0);
  const { entries } = scene.sandbox.bill();
  // 200 requests are few to learn from: the long run's figure is the chaos script's.
  expect(entries.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(25);
  judge(scene.store, idsOf(scene.catalog), scene.sandbox.bill());
});

it('a model that the provider does not have is refused before anything is begun', async () => {
  scene = await setScene(10);
  const { code, stderr } = await scene.run(['--all'], { EMBEDDING_MODEL: 'openai/text-embedding-4' });
  expect(code).toBe(2);
  expect(stderr).toContain('EMBEDDING_MODEL openai/text-embedding-4 is not among the 1 embedding models');
  expect(scene.sandbox.bill().requests).toBe(0);
});
