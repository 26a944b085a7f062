import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { json, type Scene, setScene } from './scene.js';

const SAMPLES = 300;
const OTHER = 'other/model';
const THIRD = 'third/model';

let scene: Scene;
beforeAll(async () => {
  scene = await setScene(SAMPLES, {
    models: ['openai/text-embedding-3-small', OTHER, THIRD, 'fourth/model', 'fifth/model'],
  });
  expect(json(await scene.run(['--all', '--json']))).toMatchObject({ stored: SAMPLES });
  texts = bought();
  sample = Number(read('SELECT MIN(sample_id) AS id FROM sample_embeddings')[0]?.id);
});
afterAll(() => scene?.close());

const list = async () => JSON.parse((await scene.run(['model', 'list', '--json'])).stdout);
/** Texts that were charged for: identical ones are sent once. */
const bought = () => scene.sandbox.bill().inputs;
let texts: number;
/** One of the catalog. */
let sample: number;
const read = (sql: string): Record<string, unknown>[] => {
  const db = new Database(scene.store, { readonly: true });
  try {
    return db.prepare(sql).all() as Record<string, unknown>[];
  } finally {
    db.close();
  }
};
const active = () =>
  read('SELECT model, length(vibe_vector) AS bytes, COUNT(*) AS n FROM sample_embeddings GROUP BY 1, 2');
const search = async (env = {}) =>
  JSON.parse((await scene.run(['search', 'warm jazz', '--mode', 'vector', '--json'], env)).stdout) as {
    sample_id: number;
    generation: number;
  }[];
const FULL = { model: 'openai/text-embedding-3-small', bytes: 6144, n: SAMPLES };

describe('embeddings model', () => {
  it('refuses a model that the provider does not list, before its tables are made', async () => {
    const { code, stderr } = await scene.run(['model', 'build', 'no/such', '--dimensions', '8']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/no\/such/) });
    const length = await scene.run(['model', 'build', OTHER]);
    expect(length).toMatchObject({ code: 2, stderr: expect.stringMatching(/--dimensions/) });
    // Of one generation nothing is said.
    expect((await scene.run(['search', 'warm jazz', '--mode', 'text'])).stdout).not.toMatch(/generation/);
    expect(await list()).toHaveLength(1);
    expect(bought()).toBe(texts);
  });

  it('says that there is nothing to switch to, go back to or drop', async () => {
    for (const [args, words] of [
      [['switch'], /no generation is being built/],
      [['switch', '7'], /no generation 7, only 1/],
      [['switch', '1'], /reads generation 1 already/],
      [['rollback'], /no generation to go back to/],
      [['drop', '1', '--yes'], /switch to another one first/],
    ] as const) {
      const { code, stderr } = await scene.run(['model', ...args]);
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(words) });
    }
  });

  it('builds another model beside the active one, switches, and goes back without buying', {
    timeout: 150_000,
  }, async () => {
    const built = await scene.run(['model', 'build', OTHER, '--dimensions', '256', '--yes']);
    expect(built).toMatchObject({ code: 0 });
    expect(built.stdout).toMatch(/Generation 2, of other\/model .*, is built beside generation 1/);
    expect(built.stdout).toMatch(/embeddings model switch 2/);
    expect(bought()).toBe(2 * texts);
    expect(active()).toEqual([FULL]);
    expect(await list()).toMatchObject([
      { generation: 1, state: 'active', samples: SAMPLES },
      { generation: 2, state: 'building', model: OTHER, dimensions: 256, samples: SAMPLES },
    ]);
    const before = await search();
    const switched = await scene.run(['model', 'switch']);
    expect(switched).toMatchObject({ code: 0 });
    expect(switched.stdout).toMatch(/Search reads generation 2 now, of other\/model with 256 dimensions/);
    expect(active()).toEqual([{ model: OTHER, bytes: 1024, n: SAMPLES }]);
    // One query of that model is bought; nothing else is.
    expect((await search()).map(({ generation }) => generation)).toEqual(Array(10).fill(2));
    expect(before.map(({ generation }) => generation)).toEqual(Array(10).fill(1));
    for (const args of [
      ['search', 'warm jazz'],
      ['similar', String(sample)],
    ])
      expect((await scene.run(args)).stdout).toMatch(/\nOf generation 2: other\/model, 256 dimensions\n/);
    expect(await scene.run(['map', '--out', `${scene.path}/map.html`])).toMatchObject({ code: 0 });
    expect(readFileSync(`${scene.path}/map.html`, 'utf8')).toContain(
      'generation 2: other/model, 256 dimensions',
    );
    expect(json(await scene.run(['--all', '--json']))).toMatchObject({ unchanged: SAMPLES, stored: 0 });
    expect((await scene.run(['verify'])).code).toBe(0);
    const { inputs } = scene.sandbox.bill();
    expect(await scene.run(['model', 'rollback'])).toMatchObject({ code: 0 });
    expect(active()).toEqual([FULL]);
    expect(await search()).toEqual(before);
    expect(json(await scene.run(['--all', '--json']))).toMatchObject({ unchanged: SAMPLES, stored: 0 });
    expect(bought()).toBe(inputs);
  });

  it('makes shorter vectors of eight bits out of the active ones, and keeps them up to date', async () => {
    const { inputs } = scene.sandbox.bill();
    const made = await scene.run(['model', 'build', '--shorten', '512', '--eight-bit']);
    expect(made).toMatchObject({ code: 0 });
    expect(made.stdout).toMatch(/300 vectors made of generation 1, nothing was sent/);
    const before = await search();
    expect(await scene.run(['model', 'switch', '3'])).toMatchObject({ code: 0 });
    expect(active()).toEqual([{ model: 'openai/text-embedding-3-small', bytes: 523, n: SAMPLES }]);
    const after = await search();
    const same = after.filter(({ sample_id: id }) => before.some((hit) => hit.sample_id === id));
    expect(same.length).toBeGreaterThanOrEqual(6);
    const similar = await scene.run(['similar', String(sample), '--json']);
    expect(similar).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(similar.stdout)).toHaveLength(10);
    expect(bought()).toBe(inputs);
    const db = new Database(scene.catalog);
    db.prepare("UPDATE samples SET title = 'A title of its own' WHERE id = ?").run(sample);
    db.close();
    expect(json(await scene.run(['--all', '--json']))).toMatchObject({ stored: 1, unchanged: SAMPLES - 1 });
    expect(bought()).toBe(inputs + 1);
    expect(active()).toMatchObject([{ bytes: 523, n: SAMPLES }]);
    expect((await scene.run(['verify'])).code).toBe(0);
    expect((await scene.run(['explain', String(sample)])).stdout).toMatch(/up to date/);
    expect((await scene.run(['map', '--out', `${scene.path}/map.html`])).code).toBe(0);
  });

  it('a generation that is not up to date is not switched to; built again it buys what is missing alone', async () => {
    const refused = await scene.run(['model', 'switch', '2']);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/stale 1.*model build/) });
    const { inputs } = scene.sandbox.bill();
    expect(await scene.run(['model', 'build', OTHER, '--dimensions', '256', '--yes'])).toMatchObject({
      code: 0,
    });
    expect(bought()).toBe(inputs + 1);
    // By another program.
    const db = new Database(scene.store);
    db.prepare('UPDATE sample_embeddings_g2 SET vibe_vector = zeroblob(1024) WHERE sample_id = ?').run(
      sample,
    );
    db.close();
    const damaged = await scene.run(['model', 'switch', '2']);
    expect(damaged).toMatchObject({ code: 2, stderr: expect.stringMatching(/all_zero 1.*model build/) });
    const mended = await scene.run(['model', 'build', OTHER, '--dimensions', '256', '--yes']);
    expect(mended).toMatchObject({ code: 0, stdout: expect.stringMatching(/1 vectors of it are damaged/) });
    expect(await scene.run(['model', 'switch', '2'])).toMatchObject({ code: 0 });
  });

  it('drops what is not active when it is told to', async () => {
    const asked = await scene.run(['model', 'drop', '3']);
    expect(asked).toMatchObject({ code: 2, stderr: expect.stringMatching(/--yes/) });
    expect(await scene.run(['model', 'drop', '3', '--yes'])).toMatchObject({ code: 0 });
    expect((await list()).map((one: { generation: number }) => one.generation)).toEqual([1, 2]);
  });

  it('another model in the configuration is built beside by --all, and read once it is complete', async () => {
    const env = { EMBEDDING_MODEL: THIRD, EMBEDDING_DIMENSIONS: '128' };
    const { inputs } = scene.sandbox.bill();
    const dry = json(await scene.run(['--all', '--dry-run', '--json'], env));
    expect(dry).toMatchObject({ to_embed: SAMPLES, model: THIRD });
    const some = json(await scene.run(['--sample-ids', '1-10', '--json'], env)) as { stored: number };
    expect(some.stored).toBeGreaterThan(0);
    expect(active()).toMatchObject([{ model: OTHER }]);
    expect(json(await scene.run(['--all', '--json'], env))).toMatchObject({
      ...{ stored: SAMPLES - some.stored, unchanged: some.stored },
    });
    expect(active()).toEqual([{ model: THIRD, bytes: 512, n: SAMPLES }]);
    expect(await search(env)).toHaveLength(10);
    expect(bought()).toBeLessThanOrEqual(inputs + texts + 2);
  });
});

describe('trying and judging', () => {
  it('a trial buys some samples, compares, and is not bought again by the build', async () => {
    const before = scene.sandbox.bill().inputs;
    const args = ['model', 'try', 'fourth/model', '--dimensions', '64', '--sample', '100', '--yes'];
    const tried = await scene.run([...args, '--json']);
    expect(tried).toMatchObject({ code: 0 });
    const compared = json(tried);
    expect(compared).toMatchObject({ samples: 100, dimensions: 64, vector_bytes: 256 });
    const { mean, low, high } = compared.neighbours_overlap_at_10 as Record<string, number>;
    expect(low).toBeLessThanOrEqual(mean as number);
    expect(high).toBeGreaterThanOrEqual(mean as number);
    const trial = scene.sandbox.bill().inputs - before;
    expect(trial).toBeLessThanOrEqual(100 + 4);
    expect((await list()).at(-1)).toMatchObject({ state: 'trial', samples: 100 });
    expect((await scene.run(['model', 'switch'])).stderr).toMatch(/no generation is being built/);
    // An ordinary run leaves a trial as it is.
    await scene.run(['--all']);
    expect((await list()).at(-1)).toMatchObject({ state: 'trial', samples: 100 });
    await scene.run(['model', 'build', 'fourth/model', '--dimensions', '64', '--yes']);
    expect((await list()).at(-1)).toMatchObject({ state: 'building', samples: SAMPLES });
    expect(scene.sandbox.bill().inputs - before).toBeLessThanOrEqual(texts + 5);
  });

  it('what is being built is brought up to date by the next run of all samples', async () => {
    // Who names none means the one that is being built.
    const again = await scene.run(['model', 'build', '--yes']);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/of fourth\/model with 64/) });
    const db = new Database(scene.catalog);
    db.prepare("UPDATE samples SET title = 'Another title' WHERE id = ?").run(sample);
    db.close();
    const ran = await scene.run(['--all']);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stdout).toMatch(/which is being built, is brought up to date too/);
    expect(await scene.run(['model', 'switch'])).toMatchObject({ code: 0 });
    expect(active()).toEqual([{ model: 'fourth/model', bytes: 256, n: SAMPLES }]);
    expect(await scene.run(['model', 'rollback'])).toMatchObject({ code: 0 });
  });

  it('shorter vectors are tried without a request', async () => {
    const { inputs } = scene.sandbox.bill();
    const tried = json(await scene.run(['model', 'try', '--shorten', '64', '--eight-bit', '--json']));
    expect(tried).toMatchObject({ numbers: 'float8', dimensions: 64, vector_bytes: 75, ndcg_at_10: null });
    const { mean, count } = tried.queries_agreement_ndcg_at_10 as { mean: number; count: number };
    expect(mean).toBeGreaterThan(0);
    expect(mean).toBeLessThanOrEqual(1);
    expect(scene.sandbox.bill().inputs).toBe(inputs);

    // What a person has judged counts for itself, and the rest of the past queries as before.
    const grades = { ...Object.fromEntries((await search()).map(({ sample_id: id }) => [id, 3])), 999999: 3 };
    const file = join(scene.path, 'judged.jsonl');
    writeFileSync(file, `${JSON.stringify({ query: 'warm jazz', grades })}\n`);
    const judged = json(await scene.run(['model', 'try', '--shorten', '64', '--json']));
    rmSync(file);
    expect(judged.ndcg_at_10).toMatchObject({ active: { mean: 1, count: 1 }, other: { count: 1 } });
    expect((judged.queries_agreement_ndcg_at_10 as { count: number } | null)?.count ?? 0).toBe(count - 1);
    expect(scene.sandbox.bill().inputs).toBe(inputs);
  });

  it('eval tells how good search is by judged queries, and fails below what is asked for', async () => {
    const found = await search();
    const file = join(scene.path, 'judged.jsonl');
    const grades = Object.fromEntries(found.map(({ sample_id: id }, at) => [id, at < 3 ? 3 : 1]));
    writeFileSync(file, `${JSON.stringify({ query: 'warm jazz', grades })}\n`);
    const good = await scene.run([
      'eval',
      '--judged',
      file,
      '--mode',
      'vector',
      '--at-least',
      '0.99',
      '--json',
    ]);
    expect(good).toMatchObject({ code: 0 });
    expect(json(good)).toMatchObject({ passed: true, ndcg_at_10: { mean: 1 }, recall_at_10: { mean: 1 } });
    const other = await scene.run(['eval', '--judged', file, '--generation', '1', '--json']);
    expect(json(other)).toMatchObject({ generation: 1, queries: 1 });
    writeFileSync(file, `${JSON.stringify({ query: 'warm jazz', grades: { 999999: 3 } })}\n`);
    const bad = await scene.run(['eval', '--judged', file, '--at-least', '0.5']);
    expect(bad).toMatchObject({ code: 1, stdout: expect.stringMatching(/less than --at-least 0.5/) });
    writeFileSync(file, 'no json\n');
    expect(await scene.run(['eval', '--judged', file])).toMatchObject({
      ...{ code: 2, stderr: expect.stringMatching(/line 1 is no judged query/) },
    });
    expect(await scene.run(['judge', file])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/a terminal/),
    });
  });

  it('a start that fails leaves no generation behind', async () => {
    const poorer = join(scene.path, 'poorer.db');
    copyFileSync(scene.catalog, poorer);
    const db = new Database(poorer);
    db.exec('UPDATE samples SET genre = NULL');
    db.close();
    const before = { list: await list(), bought: bought() };
    const built = ['model', 'build', OTHER, '--dimensions', '8', '--yes', '--json'];
    for (const [args, env, words] of [
      [['--all'], { EMBEDDING_MODEL: 'no/such' }, /no\/such/],
      [built, { DATABASE_URL: join(scene.path, 'gone.db') }, /gone\.db/],
      // The run itself is refused.
      [built, { DATABASE_URL: poorer }, /the texts would lose fields/],
    ] as const) {
      const { code, stderr } = await scene.run([...args], env);
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(words) });
      expect(await list()).toEqual(before.list);
    }
    expect(bought()).toBe(before.bought);
  });

  it('shorter ones are made of vectors of eight bits, and two that differ only in words are told apart', async () => {
    const { inputs } = scene.sandbox.bill();
    const made = async (...args: string[]) => json(await scene.run(['model', 'build', ...args, '--json']));
    const small = await made('--shorten', '64', '--eight-bit');
    expect(await scene.run(['model', 'switch', String(small.generation)])).toMatchObject({ code: 0 });
    const smaller = await made('--shorten', '32');
    expect(smaller).toMatchObject({
      written: SAMPLES,
      source: small.generation,
      numbers: 'float8',
      dimensions: 32,
    });
    expect(await scene.run(['model', 'switch', String(smaller.generation)])).toMatchObject({ code: 0 });
    expect(active()).toMatchObject([{ bytes: 43, n: SAMPLES }]);
    expect(await search()).toHaveLength(10);
    const longer = await scene.run(['model', 'build', '--shorten', '48']);
    expect(longer).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/embeddings model switch \d+ first/),
    });
    expect(scene.sandbox.bill().inputs - inputs).toBeLessThanOrEqual(1);

    const words = ['fifth/model', '--dimensions', '16', '--yes'];
    await made(...words);
    await made(...words, '--document-prefix', '', '--query-prefix', '');
    await made(...words, '--query-prefix', 'query: ');
    const listed = (await list()).filter(({ model }: { model: string }) => model === 'fifth/model');
    expect(listed).toMatchObject([
      { query: { prefix: null, input_type: null }, template: null, damage: null },
      { query: { prefix: 'query: ' }, document: { prefix: null } },
    ]);
    expect((await scene.run(['model', 'list'])).stdout).toMatch(/fifth\/model .*query "query: "/);
  });
});
