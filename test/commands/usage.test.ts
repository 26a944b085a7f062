import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { json, type Scene, setScene } from '../e2e/scene.js';

interface Answer {
  by: string;
  rows: Record<string, unknown>[];
  total: Record<string, unknown>;
}

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(60);
  expect(await scene.run(['usage'])).toMatchObject({
    code: 0,
    stdout: 'Nothing spent: no request has been sent for this store yet. Begin with: embeddings --all\n',
  });
  expect(existsSync(scene.store)).toBe(false);
  for (const ids of ['1-25', '26-60'])
    expect(await scene.run(['--sample-ids', ids, '--batch-size', '10', '--json'])).toMatchObject({ code: 0 });
});
afterAll(() => scene?.close());

const usage = async (...args: string[]): Promise<Answer> => {
  const output = await scene.run(['usage', '--json', ...args]);
  expect(output).toMatchObject({ code: 0, stderr: '' });
  return json(output) as unknown as Answer;
};

describe('embeddings usage, after two runs', () => {
  it.each([
    ['run', 2],
    ['day', 1],
    ['model', 1],
  ])("by %s adds up to the provider's bill exactly", async (by, groups) => {
    const bill = scene.sandbox.bill();
    const { rows, total, ...rest } = await usage('--by', by);
    expect(rest).toEqual({ by, left_out: 0 });
    expect(total).toMatchObject({
      requests: bill.requests,
      settled: bill.requests,
      tokens: bill.tokens,
      cost_nanodollars: bill.costNanos,
      cost_usd: bill.costNanos / 1e9,
      provider_nanodollars: bill.costNanos,
      at_most_nanodollars: bill.costNanos,
      unknown_cost: 0,
    });
    // The runs may lie on both sides of a midnight.
    if (by === 'day') expect(rows.length).toBeLessThanOrEqual(2);
    else expect(rows).toHaveLength(groups);
    expect(rows.reduce((sum, row) => sum + Number(row.cost_nanodollars), 0)).toBe(bill.costNanos);
    expect(bill.costNanos).toBeGreaterThan(0);
  });

  it('names runs as status does, and models and days as they are', async () => {
    const { rows } = await usage();
    const status = json(await scene.run(['status', '--json']));
    expect(rows.at(-1)?.run).toBe(status.run_id);
    expect(rows.at(-1)?.cost_nanodollars).toBe(status.total_cost_nanodollars);
    expect((await usage('--by', 'model')).rows[0]?.model).toBe('openai/text-embedding-3-small');
    expect((await usage('--by', 'day')).rows[0]?.day).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it('draws a table with a total, in full where there is no terminal', async () => {
    const { costNanos, requests } = scene.sandbox.bill();
    const { code, stdout } = await scene.run(['usage']);
    const { rows } = await usage();
    expect(code).toBe(0);
    for (const row of rows) expect(stdout).toContain(`│ ${row.run} │`);
    const dollars = [...stdout.matchAll(/\$(\d+\.\d+) │$/gm)].map(([, text]) =>
      Math.round(Number(text) * 1e9),
    );
    expect(dollars).toEqual([...rows.map((row) => row.cost_nanodollars), costNanos]);
    expect(stdout).toContain(`Settled: ${requests} requests\nCost: all of it as the provider stated it\n`);
    expect(stdout).not.toContain('At most');
  });

  it('shows the newest rows with --limit, and the total of all', async () => {
    const { stdout } = await scene.run(['usage', '--limit', '1']);
    expect(stdout).toContain('1 earlier rows, included in the total: embeddings usage --by run --limit 2');
    expect(stdout).toContain(`Settled: ${scene.sandbox.bill().requests} requests`);
  });

  it('an unknown --by is bad usage', async () => {
    const { code, stderr, stdout } = await scene.run(['usage', '--by', 'week']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--by.*week.*run, day, model/);
    expect(stdout).toBe('');
  });

  it('without a store it says which setting is missing', async () => {
    const { code, stderr } = await scene.run(['usage'], { TURSO_DATABASE_URL: '' });
    expect(code).toBe(2);
    expect(stderr).toBe(
      'error: TURSO_DATABASE_URL environment variable must be set, or be in .env, which embeddings init writes\n',
    );
  });

  it('an empty database is told from one with a ledger', async () => {
    const empty = join(scene.path, 'empty.db');
    new Database(empty).exec('CREATE TABLE other (id INTEGER)').close();
    const env = { TURSO_DATABASE_URL: `file:${empty}` };
    expect((await scene.run(['usage'], env)).stdout).toContain('Nothing spent');
    const answer = json(await scene.run(['usage', '--json'], env));
    expect(answer).toMatchObject({
      by: 'run',
      rows: [],
      total: { requests: 0, cost_nanodollars: 0, first_at: null },
    });
  });
});

describe('embeddings usage, where answers got lost', () => {
  it('bounds the bill: cost ≤ bill ≤ at most', async () => {
    const broken = await setScene(30, { faults: [{ fault: { kind: 'reset-after-billing' }, times: 2 }] });
    try {
      const { code } = await broken.run(['--all', '--batch-size', '10', '--json']);
      expect(code).toBe(0);
      const { total } = json(await broken.run(['usage', '--json'])) as unknown as Answer;
      const bill = broken.sandbox.bill();
      expect(total.uncertain).toBe(2);
      expect(total.cost_nanodollars).toBeLessThanOrEqual(bill.costNanos);
      expect(total.at_most_nanodollars).toBe(
        Number(total.cost_nanodollars) + Number(total.uncertain_nanodollars),
      );
      expect(total.at_most_nanodollars).toBeGreaterThanOrEqual(bill.costNanos);
      const { stdout } = await broken.run(['usage']);
      expect(stdout).toContain('At most');
      expect(stdout).toContain('Uncertain: 2 requests without a conclusive answer, perhaps billed');
      expect(stdout).toMatch(/The bill: from \$\d\.\d+ to \$\d\.\d+\n/);
    } finally {
      await broken.close();
    }
  });
});
