import { afterEach, describe, expect, it } from 'vitest';
import { json, type Scene, setScene } from '../e2e/scene.js';
import { raw } from '../engines/scene.js';

let scene: Scene;
afterEach(() => scene?.close());

const total = async (): Promise<Record<string, number>> =>
  json(await scene.run(['usage', '--json'])).total as Record<string, number>;

/** Always: settled ≤ the provider's bill ≤ settled + uncertain. */
async function expectBounds(): Promise<void> {
  const { cost_nanodollars: cost, at_most_nanodollars: most } = await total();
  const { costNanos } = scene.sandbox.bill();
  expect(cost).toBeLessThanOrEqual(costNanos);
  expect(most).toBeGreaterThanOrEqual(costNanos);
}

describe('embeddings verify and searches', () => {
  it('is clean after a run and a search, and the search is in the ledger', async () => {
    scene = await setScene(40);
    expect(await scene.run(['--all'])).toMatchObject({ code: 0 });
    const settled = (await total()).settled as number;
    expect(await scene.run(['search', 'warm jazz'])).toMatchObject({ code: 0 });
    expect(await total()).toMatchObject({ settled: settled + 1, pending: 0 });
    expect(await scene.run(['verify'])).toMatchObject({ code: 0 });
    await expectBounds();
  });

  it('a killed search is left alone while its lease lasts, then named, and repaired', async () => {
    scene = await setScene(40);
    expect(await scene.run(['--all'])).toMatchObject({ code: 0 });
    const { requests } = scene.sandbox.bill();
    scene.sandbox.setFaults([{ fault: { kind: 'slow', ms: 60_000 } }]);
    const search = scene.start(['search', 'warm jazz']);
    const url = scene.env.TURSO_DATABASE_URL ?? '';
    while ((await raw(url, "SELECT 1 FROM api_usage WHERE operation = 'search'")).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 50));
    search.child.kill('SIGKILL');
    await search.done;
    expect(await scene.run(['verify'])).toMatchObject({ code: 0 });

    await raw(url, 'UPDATE api_usage SET lease_until = 0 WHERE lease_until IS NOT NULL');
    const found = await scene.run(['verify', '--json']);
    expect(found.code).toBe(1);
    expect(json(found)).toMatchObject({ counts: { ledger_pending: 1 } });
    const repaired = await scene.run(['verify', '--repair', '--yes', '--json']);
    expect(repaired.code).toBe(0);
    expect(json(repaired)).toMatchObject({ ok: true, repair: { given_up: 1, embedded: 0 } });
    expect(await scene.run(['verify'])).toMatchObject({ code: 0 });
    expect(await total()).toMatchObject({ pending: 0, uncertain: 1 });
    expect(scene.sandbox.bill().requests - requests).toBeLessThanOrEqual(1);
    await expectBounds();
  });
});
