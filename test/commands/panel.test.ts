import { afterAll, beforeAll, expect, it } from 'vitest';
import { spentInWords } from '../../src/commands/generate/run-position.js';
import { json, type Scene, setScene } from '../e2e/scene.js';
import { idsOf } from '../support/referee.js';

// The machine that runs it may be busy.
const LONG_MS = 300_000;

let scene: Scene;
let someId: number | undefined;
beforeAll(async () => {
  scene = await setScene(40);
  [someId] = idsOf(scene.catalog);
});
afterAll(() => scene.close());

/** `label` of the panel, without its frame. */
const line = (stdout: string, label: string): string | undefined =>
  new RegExp(`│ ${label}: (.*?)\\s*│`).exec(stdout)?.[1];

it('the panel has the lines of the old script, and ids that do not exist are counted and told', {
  timeout: LONG_MS,
}, async () => {
  const first = await scene.run(['--sample-ids', '1-3,900001-900004', '--yes']);
  expect(first.code).toBe(0);
  const label = (name: string) => line(first.stdout, name);
  expect(label('Last processed')).toBe('0');
  expect(label('Previous cost')).toBe('$0.0000');
  expect(Number(label('Total samples'))).toBeGreaterThan(0);
  expect(label('Resume from')).toMatch(/^[123]$/);
  expect(label('Not in the catalog')).toMatch(
    /^[4-7] of the 7 ids asked for \(.*900001, 900002, 900003, 900004\)$/,
  );
  expect(first.stdout).toMatch(/Not in the catalog +│ [4-7] /);

  const second = await scene.run(['--all', '--yes']);
  expect(line(second.stdout, 'Total samples')).toBe('40');
  expect(line(second.stdout, 'Not in the catalog')).toBeUndefined();
  expect(line(second.stdout, 'Previous cost')).toMatch(/^\$0\.0*[1-9]\d*$/);
});

it('with --json and in a dry run too', { timeout: LONG_MS }, async () => {
  const ids = ['--sample-ids', `${someId},900001-900004`];
  const run = await scene.run([...ids, '--json']);
  expect(json(run)).toMatchObject({ ids_not_in_catalog: 4, total_selected: 1 });
  expect(run.stderr).toContain(
    'Not in the catalog: 4 of the 5 ids asked for (900001, 900002, 900003, 900004)',
  );
  const dry = await scene.run(['--dry-run', ...ids, '--json']);
  expect(json(dry)).toMatchObject({ ids_not_in_catalog: 4 });
  expect((await scene.run(['--dry-run', ...ids])).stdout).toContain(
    'Not in the catalog: 4 of the 5 ids asked for (900001, 900002, 900003, 900004).',
  );
});

it('ids of which none exists are bad usage, and nothing is begun', { timeout: LONG_MS }, async () => {
  const before = scene.sandbox.bill().requests;
  for (const args of [
    ['--sample-ids', '900001-900004'],
    ['--dry-run', '--sample-ids', '900001-900004'],
  ]) {
    const { code, stderr, stdout } = await scene.run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^error: --sample-ids: none of the 4 ids asked for is in the catalog \(900001, 900002, 900003, 900004\): /,
    );
    expect(stdout).toBe('');
  }
  expect(scene.sandbox.bill().requests).toBe(before);
  // No sample has failed, which is well.
  expect((await scene.run(['--failed', '--yes'])).code).toBe(0);
});

it('an unknown price is unknown, not $0', { timeout: LONG_MS }, async () => {
  const env = {
    EMBEDDING_MODEL: 'nobody/knows-its-price',
    TURSO_DATABASE_URL: `file:${scene.path}/unknown.db`,
    OPENROUTER_BASE_URL: 'http://127.0.0.1:9',
  };
  const dry = await scene.run(['--dry-run', '--all'], env);
  expect(dry.stdout).toMatch(/Total Cost +│ unknown/);
  expect(dry.stdout).not.toContain('$0');
  expect(json(await scene.run(['--dry-run', '--all', '--json'], env))).toMatchObject({
    total_cost_usd: null,
  });
});

it.each([
  [{ costNanos: null, unknownCost: 0 }, '$0.0000'],
  [{ costNanos: null, unknownCost: 2 }, 'unknown'],
  [{ costNanos: 0n, unknownCost: 2 }, 'unknown'],
  [{ costNanos: 15_800_000n, unknownCost: 0 }, '$0.0158'],
  [{ costNanos: 15_800_000n, unknownCost: 1 }, '$0.0158 plus an unknown cost'],
])('what was spent before, %o, is %s', (figures, said) => {
  expect(spentInWords(figures)).toBe(said);
});
