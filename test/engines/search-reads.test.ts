import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/engines/libsql/index.js';
import type { Store } from '../../src/engines/store.js';
import { PLACES, type Place } from './places.js';
import { batch, LATE, row } from './rows.js';

const D = 64;
/** Eight directions with a little aside, so that some are near. */
const vectorOf = (seed: number): Uint8Array =>
  new Uint8Array(
    Float32Array.from(
      { length: D },
      (_, at) => Math.sin((seed % 8) * 7 + at) + 0.05 * Math.sin(seed * 31 + at * at),
    ).buffer,
  );
const sample = (id: number, text = `Title: ${id}\nGenre: ${id % 2 === 0 ? 'techno' : 'jazz'}`) => ({
  ...row(id, `h${id}-${text.length}`),
  text,
  vector: vectorOf(id),
});
const numbers = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.slice().buffer);
const similarity = (a: Uint8Array, b: Uint8Array): number => {
  const [x, y] = [numbers(a), numbers(b)];
  let [dot, xx, yy] = [0, 0, 0];
  for (const [at, value] of x.entries()) {
    dot += value * (y[at] ?? 0);
    xx += value * value;
    yy += (y[at] ?? 0) ** 2;
  }
  return dot / Math.sqrt(xx * yy);
};

describe.each(PLACES)('search in %s', (_name, make) => {
  let site: Place;
  let store: Store;
  beforeEach(async () => {
    site = await make();
    store = await site.open();
    await store.migrate();
  });
  afterEach(() => site.close());

  const { model } = batch();
  const ids = Array.from({ length: 60 }, (_, at) => at + 1);
  const fill = () => store.commit(batch({ vectors: ids.map((id) => sample(id)) }));
  const matching = async (word: string) =>
    (await store.matching(`"${word}"`, { limit: 100, among: null }))
      .map((hit) => hit.sampleId)
      .sort((a, b) => a - b);
  /** What FTS5 has is what the table holds; it throws otherwise. */
  const intact = () =>
    site.sql("INSERT INTO sample_texts (sample_texts, rank) VALUES ('integrity-check', 1)");

  it('tells what similarity samples from all over have, exactly, each once', async () => {
    const query = { model, vector: vectorOf(3) };
    expect(await store.background(query, 10)).toEqual([]);
    await fill();
    for (const count of [10, 1000]) {
      const some = await store.background(query, count);
      const found = some.map(({ sampleId }) => sampleId);
      expect(new Set(found).size).toBe(found.length);
      expect(found.length).toBeGreaterThan(Math.min(count, ids.length) * 0.7);
      expect(Math.max(...found) - Math.min(...found)).toBeGreaterThan(40);
      for (const { sampleId, similarity: given } of some)
        expect(given).toBeCloseTo(similarity(query.vector, vectorOf(sampleId)), 5);
    }
    expect(await store.background({ model: 'another', vector: vectorOf(3) }, 10)).toEqual([]);
  });

  it('a commit makes its samples known in the same transaction', async () => {
    await fill();
    expect(await store.searchable()).toEqual({ rows: 60, missing: 0 });
    expect(await matching('techno')).toEqual(ids.filter((id) => id % 2 === 0));
    await intact();
  });

  it('the nearest are those that an exact comparison gives, also through signatures', async () => {
    await fill();
    const query = { model, vector: vectorOf(3) };
    const exact = ids
      .map((id) => ({ id, near: similarity(query.vector, vectorOf(id)) }))
      .sort((a, b) => b.near - a.near)
      .slice(0, 5);
    for (const candidates of [null, 20]) {
      const found = await store.nearest(query, { limit: 5, candidates, among: null });
      expect(found.map((hit) => hit.sampleId)).toEqual(exact.map(({ id }) => id));
      for (const [at, hit] of found.entries()) expect(hit.similarity).toBeCloseTo(exact[at]?.near ?? 0, 5);
    }
    const among = [4, 5, 6, 7];
    for (const candidates of [null, 3]) {
      const found = await store.nearest(query, { limit: 2, candidates, among });
      expect(found.every((hit) => among.includes(hit.sampleId))).toBe(true);
      expect(found).toHaveLength(2);
    }
  });

  it('a row that is stored again is known by its new text alone', async () => {
    await fill();
    await store.commit(
      batch({
        runId: 'run-2',
        runStartedAt: LATE,
        vectors: [{ ...sample(2, 'Title: ambient'), vector: vectorOf(5) }],
      }),
    );
    expect(await matching('techno')).not.toContain(2);
    expect(await matching('ambient')).toEqual([2]);
    const [first] = await store.nearest(
      { model, vector: vectorOf(5) },
      { limit: 1, candidates: 2, among: [2, 3, 4] },
    );
    expect(first?.sampleId).toBe(2);
    await intact();
  });

  it('a row that others delete, edit or insert is forgotten, and entered by the next search', async () => {
    await fill();
    await site.sql('DELETE FROM sample_embeddings WHERE sample_id = 1');
    await site.sql("UPDATE sample_embeddings SET embedding_source = 'Title: foreign' WHERE sample_id = 2");
    expect(await matching('jazz')).not.toContain(1);
    expect(await matching('foreign')).toEqual([]);
    expect(await store.searchable()).toEqual({ rows: 59, missing: 1 });
    expect(await store.enterMissing(null, 10)).toBe(2);
    expect(await store.enterMissing(2, 10)).toBeNull();
    expect(await matching('foreign')).toEqual([2]);
    await intact();
  });

  it('what is no vector is known by its words, and near nothing', async () => {
    await fill();
    await site.sql("UPDATE sample_embeddings SET vibe_vector = x'010203' WHERE sample_id = 4");
    await site.sql(`UPDATE sample_embeddings SET vibe_vector = zeroblob(${4 * D}) WHERE sample_id = 6`);
    await store.enterMissing(null, 10);
    expect(await store.searchable()).toEqual({ rows: 60, missing: 0 });
    expect(await matching('techno')).toContain(4);
    for (const candidates of [null, 60]) {
      const found = await store.nearest(
        { model, vector: vectorOf(4) },
        { limit: 60, candidates, among: null },
      );
      expect(found.map((hit) => hit.sampleId)).not.toContain(4);
      expect(found.map((hit) => hit.sampleId)).not.toContain(6);
      expect(found.length).toBe(58);
    }
  });

  it('vectors of another model are left out, and named', async () => {
    await fill();
    expect(await store.hasVectorsOf(model, 4 * D)).toBe(true);
    expect(await store.hasVectorsOf('other/model', 4 * D)).toBe(false);
    expect(await store.hasVectorsOf(model, 4 * D + 4)).toBe(false);
    expect(await store.vectorKinds()).toEqual([{ model, bytes: 4 * D, rows: 60 }]);
    expect(
      await store.nearest(
        { model: 'other/model', vector: vectorOf(1) },
        { limit: 5, candidates: null, among: null },
      ),
    ).toEqual([]);
  });

  it('counts how many texts have a word, and which of some', async () => {
    await fill();
    expect(await store.frequencies(['"techno"', '"nowhere"', '"jazz"'])).toEqual([30, 0, 30]);
    expect(await store.matchesAmong(['"techno"', '"jazz"'], [1, 2, 3])).toEqual([
      new Set([2]),
      new Set([1, 3]),
    ]);
  });

  it('keeps a query once', async () => {
    expect(await store.cachedQuery('q')).toBeNull();
    await store.cacheQuery('q', model, vectorOf(1));
    await store.cacheQuery('q', model, vectorOf(2));
    expect(await store.cachedQuery('q')).toEqual(vectorOf(1));
  });

  it('keeps so many queries as it is told to, the newest', async () => {
    const few = await openStore({ url: site.url, keptQueries: 2 });
    try {
      for (const name of ['a', 'b', 'b', 'c', 'd']) await few.cacheQuery(name, model, vectorOf(1));
      const kept = await Promise.all(['a', 'b', 'c', 'd'].map((name) => few.cachedQuery(name)));
      expect(kept.map((vector) => vector !== null)).toEqual([false, false, true, true]);
    } finally {
      await few.close();
    }
  });
});
