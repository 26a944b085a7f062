import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Recipe } from '../../src/contract/generation.js';
import { zeroTotals } from '../../src/contract/progress.js';
import { openStore } from '../../src/engines/libsql/index.js';
import type { Store } from '../../src/engines/store.js';
import type { Attempt, BatchCommit } from '../../src/engines/types.js';
import { readVector, shortened, writeVector } from '../../src/engines/vector-form.js';
import { backends, batch, raw } from './scene.js';

const OLD: Recipe = { model: 'm', dimensions: 4, document: {}, query: {}, template: null };
const NEW: Recipe = { model: 'n', dimensions: 3, document: {}, query: {}, template: 'Title: {title}' };

const bytes = (...numbers: number[]): Uint8Array => writeVector(Float32Array.from(numbers), 'float32');
const row = (sampleId: number, vector: Uint8Array, text = `text of ${sampleId}`) => ({
  ...{ sampleId, vector, text, contentHash: `hash of ${text} ${vector.length}` },
});

describe.each(backends())('generations on $name', (backend) => {
  let url = '';
  let store: Store;
  const opened: Store[] = [];
  const open = async (): Promise<Store> => {
    const one = await openStore({ url });
    opened.push(one);
    return one;
  };
  /** Commits rows of a generation. */
  const put = async (
    at: Store,
    model: string,
    vectors: BatchCommit['vectors'],
    change: Partial<BatchCommit> = {},
  ) => at.commit(batch({ model, fence: await at.fence(), vectors, ...change }));
  const build = (recipe = NEW) =>
    store.createGeneration({ recipe, dimensions: recipe.dimensions, form: 'float32', source: null });
  const search = async (at: Store, model: string, ...numbers: number[]) =>
    (await at.nearest({ model, vector: bytes(...numbers) }, { limit: 9, candidates: null, among: null })).map(
      ({ sampleId }) => sampleId,
    );
  const tableOf = (name: string) => raw(url, `SELECT sample_id, model FROM ${name} ORDER BY sample_id`);

  beforeAll(() => backend.start());
  afterAll(() => backend.stop());
  beforeEach(async () => {
    url = await backend.empty();
    store = await open();
    await store.migrate();
    await put(store, 'm', [row(1, bytes(1, 0, 0, 0)), row(2, bytes(0, 1, 0, 0))]);
    await store.recordRecipe(1, OLD);
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  it('is one to begin with, whose recipe the first run says', async () => {
    expect(await store.generations()).toMatchObject([
      { number: 1, state: 'active', recipe: OLD, dimensions: 4, form: 'float32', source: null },
    ]);
    await store.recordRecipe(1, NEW);
    expect(await store.generations()).toMatchObject([{ recipe: OLD }]);
  });

  it('that holds nothing yet is of whatever the next run says', async () => {
    await raw(url, 'DELETE FROM sample_embeddings');
    expect(await store.generations()).toMatchObject([{ recipe: OLD, isEmpty: true }]);
    await store.recordRecipe(1, NEW);
    expect(await store.generations()).toMatchObject([{ recipe: NEW, dimensions: 3 }]);
    await put(store, 'n', [row(1, bytes(1, 0, 0))]);
    await store.recordRecipe(1, OLD);
    expect(await store.generations()).toMatchObject([{ recipe: NEW, isEmpty: false }]);
  });

  it('is made once where two processes ask for the same at once, and one each where they ask for others', async () => {
    const other = await open();
    const make = (at: Store, recipe: Recipe) =>
      at.createGeneration({ recipe, dimensions: recipe.dimensions, form: 'float32', source: null });
    expect(await Promise.all([make(store, NEW), make(other, NEW)])).toEqual([2, 2]);
    const third = { ...NEW, model: 'third' };
    const numbers = await Promise.all([make(store, third), make(other, { ...NEW, model: 'fourth' })]);
    expect(numbers.sort()).toEqual([3, 4]);
    expect(await store.generations()).toHaveLength(4);
  });

  it('builds beside the active one, which nothing of it concerns', async () => {
    const second = store.of(await build());
    await put(second, 'n', [row(1, bytes(0, 0, 1)), row(3, bytes(1, 0, 0))], {
      failures: [
        { sampleId: 2, reason: 'Rejected', message: 'no', contentHash: null, permanent: true, attempts: 1 },
      ],
    });
    expect(await search(store, 'm', 1, 0, 0, 0)).toEqual([1, 2]);
    expect(await search(second, 'n', 1, 0, 0)).toEqual([3, 1]);
    expect(await store.countFailures()).toBe(0);
    expect(await second.countFailures()).toBe(1);
    expect(await store.missingIn(2, { after: null, limit: 9 })).toEqual([2]);
    expect(await tableOf('sample_embeddings')).toMatchObject([
      { sample_id: 1, model: 'm' },
      { sample_id: 2 },
    ]);
    expect(await second.matching('"text"', { limit: 9, among: null })).toHaveLength(2);
    expect((await second.storedRows([1, 2, 3])).map(({ sampleId }) => sampleId)).toEqual([1, 3]);
  });

  it('switches and goes back without a copy, for every connection that is open', async () => {
    const other = await open();
    expect(await other.countVectors()).toBe(2);
    const number = await build();
    await put(store.of(number), 'n', [
      row(1, bytes(0, 0, 1)),
      row(2, bytes(0, 1, 0)),
      row(3, bytes(1, 0, 0)),
    ]);
    await store.switchGeneration({ from: 1, to: number, declared: NEW });
    expect(await other.countVectors()).toBe(3);
    expect(await search(other, 'n', 1, 0, 0)).toEqual([3, 1, 2]);
    expect(await search(other.of(1), 'm', 1, 0, 0, 0)).toEqual([1, 2]);
    expect(await tableOf('sample_embeddings')).toHaveLength(3);
    expect(await other.matching('"text"', { limit: 9, among: null })).toHaveLength(3);
    // Whoever writes the first one goes on writing it, wherever it lies.
    await put(other.of(1), 'm', [row(9, bytes(0, 0, 0, 1))]);
    expect(await search(store.of(1), 'm', 0, 0, 0, 1)).toContain(9);
    expect(await store.generations()).toMatchObject([
      { number: 1, state: 'retired' },
      { number, state: 'active', declared: NEW, recipe: NEW },
    ]);
    await other.switchGeneration({ from: number, to: 1, declared: NEW });
    expect(await store.countVectors()).toBe(3);
    expect(await tableOf('sample_embeddings')).toMatchObject([
      { model: 'm' },
      { model: 'm' },
      { model: 'm' },
    ]);
    await expect(store.switchGeneration({ from: number, to: 1, declared: NEW })).rejects.toThrow(
      /generation 1 is active/,
    );
  });

  it("keeps other programs' views and triggers over the active vectors", async () => {
    await raw(url, 'CREATE VIEW zz_theirs AS SELECT COUNT(*) AS n FROM sample_embeddings');
    await raw(url, 'CREATE TABLE zz_log (id INTEGER)');
    await raw(
      url,
      'CREATE TRIGGER zz_seen AFTER INSERT ON sample_embeddings BEGIN INSERT INTO zz_log VALUES (new.sample_id); END',
    );
    const number = await build();
    await put(store.of(number), 'n', [row(1, bytes(0, 0, 1))]);
    expect(await raw(url, 'SELECT n FROM zz_theirs')).toMatchObject([{ n: 2 }]);
    await store.switchGeneration({ from: 1, to: number, declared: NEW });
    expect(await raw(url, 'SELECT n FROM zz_theirs')).toMatchObject([{ n: 1 }]);
    await put(store, 'n', [row(7, bytes(0, 1, 1))]);
    expect(await raw(url, 'SELECT id FROM zz_log')).toMatchObject([{ id: 7 }]);
    await raw(url, 'DROP TRIGGER zz_seen');
    await raw(url, 'DROP TABLE zz_log');
  });

  it('is never written by a worker that knows of none, before it has bought or after', async () => {
    const attempt = (requestId: string) => ({
      sql: `INSERT INTO api_usage (request_id, run_id, batch_id, model, operation, status, created_at)
        VALUES (?, 'r', 'b', 'm', 'embeddings', 'pending', '2026-01-01T00:00:00.000Z')`,
      args: [requestId],
    });
    await raw(url, attempt('before'));
    const number = await build();
    await expect(raw(url, attempt('after'))).rejects.toThrow(/update this worker/);
    await put(store.of(number), 'n', [row(1, bytes(0, 0, 1))]);
    await store.switchGeneration({ from: 1, to: number, declared: NEW });
    const late = (model: string, length: number) =>
      raw(url, {
        sql: `INSERT INTO sample_embeddings (sample_id, vibe_vector, model, run_id) VALUES (1, zeroblob(?), ?, 'r')
          ON CONFLICT (sample_id) DO UPDATE SET vibe_vector = excluded.vibe_vector, model = excluded.model, run_id = excluded.run_id`,
        args: [length, model],
      });
    await expect(late('m', 16)).rejects.toThrow(/belongs to another generation/);
    await expect(late('n', 16)).rejects.toThrow(/belongs to another generation/);
    await late('n', 12);
    // By hand, as a person may.
    await raw(url, "UPDATE sample_embeddings SET vibe_vector = x'00' WHERE sample_id = 1");
  });

  it('copies an equal text from any generation, and buys it once', async () => {
    const number = await build({ ...OLD, template: 'Title: {title}' });
    const second = store.of(number);
    const attempt: Attempt = {
      ...{ requestId: 'q', runId: 'run-9', batchId: 'b1', model: 'm', operation: 'embeddings' },
      ...{ boundNanos: 1, hashes: [row(1, bytes(1, 0, 0, 0)).contentHash] },
    };
    const claim = await second.claim(attempt, [1]);
    expect([...claim.available]).toEqual(attempt.hashes);
    expect(claim.stored).toEqual([]);
    const { text, contentHash } = row(1, bytes(1, 0, 0, 0));
    await second.withdraw(['q']);
    await second.commit(
      batch({ model: 'm', fence: claim.fence, copies: [{ sampleId: 1, text, contentHash }] }),
    );
    expect(await search(second, 'm', 1, 0, 0, 0)).toEqual([1]);
  });

  it('is dropped with all its tables, and its number is not given again', async () => {
    const number = await build();
    await put(store.of(number), 'n', [row(1, bytes(0, 0, 1))]);
    await expect(store.dropGeneration(1)).rejects.toThrow(/is active/);
    await store.dropGeneration(number);
    expect(
      await raw(
        url,
        `SELECT name FROM sqlite_master WHERE name LIKE '%\\_g2' ESCAPE '\\' OR name LIKE '%\\_2' ESCAPE '\\'`,
      ),
    ).toEqual([]);
    expect((await store.generations()).map((one) => one.number)).toEqual([1]);
    await expect(store.of(number).countVectors()).rejects.toThrow(/generation 2 was dropped/);
    expect(await build()).toBe(3);
  });

  it('that holds nothing and that no run has begun to fill is forgotten, unless somebody builds it', async () => {
    const number = await build();
    const other = await open();
    const first = await store.beginBuild(number, { whole: true });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await other.beginBuild(number, { whole: true });
    expect(await store.forgetUnused(number, first)).toBe(false);
    expect(await store.forgetUnused(1, first)).toBe(false);
    await put(store.of(number), 'n', [row(1, bytes(0, 0, 1))]);
    expect(await other.forgetUnused(number, second)).toBe(false);
    await raw(url, `DELETE FROM sample_embeddings_g${number}`);
    expect(await other.forgetUnused(number, second)).toBe(true);
    expect((await store.generations()).map((one) => one.number)).toEqual([1]);

    const again = await build();
    const since = await store.beginBuild(again, { whole: true });
    const run = { runId: 'r', workflowId: 'w', request: '{}', state: 'planning', reason: null } as const;
    const startedAt = '2026-01-01T00:00:00.000Z';
    await store.saveRun({ ...run, totals: zeroTotals(), startedAt, sequence: 0, generation: again });
    expect(await store.forgetUnused(again, since)).toBe(false);
    expect(await store.beginBuild(again, { whole: true })).toBe(since);
  });

  it('that is tried is built in full once somebody builds it', async () => {
    const wanted = { recipe: NEW, dimensions: 3, form: 'float32' as const, source: null, trial: true };
    const number = await store.createGeneration(wanted);
    await store.beginBuild(number, { whole: false });
    expect((await store.generations()).at(-1)).toMatchObject({ number, state: 'trial' });
    await store.beginBuild(number, { whole: true });
    expect((await store.generations()).at(-1)).toMatchObject({ number, state: 'building' });
  });

  it('lists the samples of the active one once the first is dropped', async () => {
    const number = await build();
    await put(store.of(number), 'n', [row(1, bytes(0, 0, 1)), row(3, bytes(1, 0, 0))]);
    await store.switchGeneration({ from: 1, to: number, declared: NEW });
    await store.dropGeneration(1);
    expect(await store.listed(null, { after: null, limit: 9 })).toEqual({ ids: [1, 3], total: 2 });
  });

  it.each(['sample_embeddings_g2', 'embedding_failures_g2', 'sample_signatures_2', 'sample_texts_2'])(
    'that lacks its table %s is named with the cure, which works',
    async (table) => {
      const number = await build();
      const own = store.of(number);
      await put(own, 'n', [row(1, bytes(0, 0, 1))]);
      await raw(url, `DROP TABLE ${table}`);
      const cure = new RegExp(`generation 2 lacks its table ${table}: .*embeddings model drop 2`);
      await expect(put(own, 'n', [row(2, bytes(0, 1, 0))])).rejects.toThrow(cure);
      expect((await store.generationSizes()).get(number)).toMatchObject({ missing: [table] });
      // What search reads is as it was.
      expect(await search(store, 'm', 1, 0, 0, 0)).toEqual([1, 2]);
      await store.dropGeneration(number);
      expect((await store.generations()).map((one) => one.number)).toEqual([1]);
      expect(await build()).toBe(3);
    },
  );

  it('whose table is gone is named by a claim of another, and by a switch', async () => {
    const number = await build();
    await raw(url, `DROP TABLE sample_embeddings_g${number}`);
    const attempt: Attempt = {
      ...{ requestId: 'q', runId: 'run-9', batchId: 'b1', model: 'm', operation: 'embeddings' },
      ...{ boundNanos: 1, hashes: ['h'] },
    };
    const cure = /generation 2 lacks its table sample_embeddings_g2: .*embeddings model drop 2/;
    await expect(store.of(1).claim(attempt, [1])).rejects.toThrow(cure);
    await expect(store.switchGeneration({ from: 1, to: number, declared: NEW })).rejects.toThrow(cure);
    await raw(url, 'DROP TABLE sample_embeddings');
    await expect(store.generations()).rejects.toThrow(
      /generation 1, which search reads, lacks its table sample_embeddings: restore the store from a backup/,
    );
  });

  it.each(['words', 'template', 'declared'])('whose %s are no JSON is known as damaged', async (column) => {
    const number = await build();
    for (const json of ['{"document"', '[1]']) {
      await raw(url, {
        sql: `UPDATE embedding_generations SET ${column} = ? WHERE generation = ?`,
        args: [json, number],
      });
      expect(await store.generations()).toMatchObject([
        { recipe: OLD, damage: null },
        {
          recipe: null,
          model: 'n',
          dimensions: 3,
          damage: `has no readable ${column} in embedding_generations`,
        },
      ]);
    }
    await store.dropGeneration(number);
  });

  it('of eight-bit numbers is written as libSQL writes it, and compared as it is', async () => {
    const recipe = { ...OLD, dimensions: 8 };
    const number = await store.createGeneration({ recipe, dimensions: 6, form: 'float8', source: 1 });
    const vectors = [
      [0.9, -0.1, 0.3, 0.2, -0.5, 0.1, 0.7, 0.2],
      [-0.9, 0.4, 0.1, 0.8, -0.2, 0.1, 0.3, 0.6],
    ].map((numbers) => shortened(Float32Array.from(numbers), 6));
    const own = store.of(number);
    await put(
      own,
      'm',
      vectors.map((vector, at) => row(at + 1, writeVector(vector, 'float8'))),
    );
    for (const [at, vector] of vectors.entries()) {
      const [stored] = await raw(url, {
        sql: `SELECT hex(vibe_vector) AS ours, hex(vector8(?)) AS theirs FROM sample_embeddings_g2 WHERE sample_id = ?`,
        args: [writeVector(vector, 'float32'), at + 1],
      });
      expect(stored?.ours).toBe(stored?.theirs);
      const back = readVector(writeVector(vector, 'float8'));
      expect(back).toHaveLength(6);
      for (const [place, value] of back.entries()) expect(value).toBeCloseTo(vector[place] as number, 2);
      const [near] = await own.nearest(
        { model: 'm', vector: writeVector(vector, 'float8') },
        { limit: 1, candidates: null, among: null },
      );
      expect(near).toMatchObject({ sampleId: at + 1 });
      expect(near?.similarity).toBeCloseTo(1, 3);
      const read = await own.vectorsOf([at + 1], { model: 'm', dimensions: 6 });
      expect(read.get(at + 1)).toHaveLength(6);
    }
    expect(await raw(url, 'SELECT COUNT(bits) AS n FROM sample_signatures_2')).toMatchObject([{ n: 2 }]);
  });
});
