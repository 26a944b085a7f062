import { afterEach, describe, expect, it } from 'vitest';
import { idsOf } from '../support/referee.js';
import { json, type Scene, setScene } from './scene.js';

let scene: Scene;
afterEach(() => scene?.close());

describe('a list of models that is shown to keys alone', () => {
  it.each([
    ['--dry-run', ['--dry-run', '--all', '--json']],
    ['--max-cost', ['--all', '--max-cost', '1', '--json']],
  ])('is asked with the key by %s', async (_name, args) => {
    scene = await setScene(30, { guardedModels: true, price: { listed: 40, charged: 40 } });
    const run = await scene.run(args);
    expect(run).toMatchObject({ code: 0, stderr: expect.not.stringContaining('OPENROUTER_API_KEY') });
    if (args.includes('--dry-run'))
      expect(json(run)).toMatchObject({ price_source: 'provider', price_per_million_tokens_usd: 0.04 });
    else expect(json(run)).toMatchObject({ state: 'completed', stored: 30 });
  });

  it('is no fault of a dry run without a key: the known list price, and it says so', async () => {
    scene = await setScene(30, { guardedModels: true });
    const run = await scene.run(['--dry-run', '--all', '--json'], { OPENROUTER_API_KEY: '' });
    expect(run.code).toBe(0);
    expect(json(run)).toMatchObject({ price_source: 'table', price_per_million_tokens_usd: 0.02 });
  });

  it('with a key that is refused: one sentence that names it, no stack', async () => {
    scene = await setScene(30, { guardedModels: true });
    const run = await scene.run(['--dry-run', '--all'], { OPENROUTER_API_KEY: 'sk-other' });
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/^error: OPENROUTER_API_KEY was refused by .* openrouter.ai\/keys\n$/);
  });

  it('is asked with the key by verify --repair', async () => {
    scene = await setScene(30, { guardedModels: true });
    expect((await scene.run(['--all', '--json'])).code).toBe(0);
    const { Database } = await import('../../src/sqlite.js');
    const db = new Database(scene.store);
    const [id] = idsOf(scene.catalog);
    db.prepare('UPDATE sample_embeddings SET vibe_vector = zeroblob(6144) WHERE sample_id = ?').run(id);
    db.close();
    const repaired = await scene.run(['verify', '--repair', '--yes']);
    expect(repaired).toMatchObject({ code: 0 });
    expect(repaired.stdout).toMatch(/embed 1 sample again \(\d+ tokens, \$0\.0000/);
  });
});

describe('a dry run', () => {
  it('over a store that cannot be read is an error, not the full price', async () => {
    scene = await setScene(30);
    const run = await scene.run(['--dry-run', '--all', '--json'], {
      TURSO_DATABASE_URL: 'http://127.0.0.1:9',
    });
    expect(run.code).not.toBe(0);
    expect(run.stderr).toMatch(/^error: the store/m);
    expect(json(run)).toMatchObject({ error: expect.stringMatching(/the store/) });
  });

  it('of a model that the provider does not have: one sentence', async () => {
    scene = await setScene(30);
    const run = await scene.run(['--dry-run', '--all'], { EMBEDDING_MODEL: 'openai/nothing' });
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/^error: EMBEDDING_MODEL openai\/nothing is not among .*\n$/);
  });
});
