import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIBRARY_FILTERS } from '../../src/collections/library-text.js';
import { type FastSearch, openFastSearch } from '../../src/search/index/open-fast-search.js';
import { type Among, byBoth, byMeaning, byWords, type Found, type RankReads } from '../../src/search/rank.js';
import type { SampleFilter } from '../../src/sources/types.js';
import { DIMENSIONS, type Library, makeLibrary } from './library.js';

const COUNT = 390;
const ids = Array.from({ length: COUNT }, (_, at) => 3 * at + 1);

let library: Library;
let fast: FastSearch;
const open = (store = library.store): FastSearch => {
  const { catalog, url: storeUrl } = library;
  const collection = { rows: null, filters: LIBRARY_FILTERS };
  return openFastSearch({ store, catalog, collection, storeUrl, generation: 1, dimensions: DIMENSIONS });
};
beforeEach(async () => {
  library = await makeLibrary();
  await library.put(ids);
  fast = open();
  await fast.loaded();
});
afterEach(async () => {
  await fast.close();
  await library.close();
});

const MODES = {
  vector: <A extends Among>(reads: RankReads<A>, seed: number, among: A | null) =>
    byMeaning(reads, library.query(seed), { limit: 10, among, rows: COUNT }),
  text: <A extends Among>(reads: RankReads<A>, seed: number, among: A | null) =>
    byWords(reads, library.text(seed), { limit: 10, among, rows: COUNT }),
  hybrid: <A extends Among>(reads: RankReads<A>, seed: number, among: A | null) =>
    byBoth(reads, library.query(seed), library.text(seed), { limit: 10, among, rows: COUNT }),
} as const;

/** Equal scores may come in another order. */
function expectSame(ours: Found[], stores: Found[]): void {
  expect(ours.map(({ score }) => score.toFixed(5))).toEqual(stores.map(({ score }) => score.toFixed(5)));
  const clear = (found: Found[]) =>
    found.filter(({ score }) => found.filter((other) => Math.abs(other.score - score) < 1e-6).length === 1);
  // The last may be one of several with its score.
  expect(clear(ours).slice(0, -1)).toEqual(
    clear(stores)
      .slice(0, -1)
      .map((hit) => expect.objectContaining({ sampleId: hit.sampleId })),
  );
}

describe('the index in memory', () => {
  it.each(['vector', 'text', 'hybrid'] as const)('finds in mode %s what the store finds', async (mode) => {
    expect(fast.state()).toMatchObject({ loaded: true, samples: COUNT });
    for (let seed = 0; seed < 60; seed++)
      expectSame(await MODES[mode](fast.reads, seed, null), await MODES[mode](library.store, seed, null));
  });

  it.each(['vector', 'text', 'hybrid'] as const)('keeps in mode %s to some ids', async (mode) => {
    for (let seed = 0; seed < 30; seed++) {
      const among = ids.filter((id) => (id * 7 + seed) % (2 + (seed % 9)) === 0).concat(2, 5);
      const found = await MODES[mode](fast.reads, seed, among);
      expect(found.every(({ sampleId }) => among.includes(sampleId))).toBe(true);
      expectSame(found, await MODES[mode](library.store, seed, among));
    }
  });

  it.each(['vector', 'text', 'hybrid'] as const)('keeps in mode %s to a filter', async (mode) => {
    const filters: SampleFilter[] = [
      { genre: 'house' },
      { bpm: { from: 80, to: 95 } },
      { tag: 'vinyl', where: [{ field: 'duration', from: 1, to: Number.POSITIVE_INFINITY }] },
      // The database alone can say.
      { where: [{ field: 'file_path', is: 'a/1.wav' }] },
    ];
    for (const [at, filter] of filters.entries()) {
      const [ours, theirs] = [await fast.idsThatFit(filter), await library.catalog.findIds(filter)];
      expect(ours.length).toBe(theirs.length);
      expect(Array.isArray(ours)).toBe(at === 3);
      for (let seed = 0; seed < 10; seed++)
        expectSame(await MODES[mode](fast.reads, seed, ours), await MODES[mode](library.store, seed, theirs));
    }
  });

  it('lists page by page what the store lists', async () => {
    const filter = { bpm: { from: 80, to: 140 } };
    await library.sql('DELETE FROM sample_embeddings WHERE sample_id IN (121, 124)');
    await library.put([4, 1195, 1198]);
    await fast.refresh();
    for (const among of [null, await library.catalog.findIds(filter)]) {
      const ours = among === null ? null : await fast.idsThatFit(filter);
      for (const after of [null, 1, 200, 5000]) {
        const page = { after, limit: 40 };
        expect(await fast.reads.listed(ours, page)).toEqual(await library.store.listed(among, page));
      }
    }
    const { ids: all, total } = await fast.reads.listed(null, { after: null, limit: 1000 });
    expect(all).toHaveLength(total);
    expect(all).toEqual(expect.arrayContaining([4, 1195, 1198]));
  });

  it('knows a filter anew where the catalog has changed', async () => {
    const filter = { genre: 'polka' };
    expect((await fast.idsThatFit(filter)).length).toBe(0);
    library.change("UPDATE samples SET genre = 'Polka' WHERE id IN (4, 7)");
    await fast.refresh();
    expect(await fast.idsThatFit(filter)).toEqual({ length: 2, filter });
    expect((await fast.facets(filter))?.find(({ field }) => field === 'genre')).toEqual({
      ...{ field: 'genre', kind: 'values', distinct: 1 },
      values: [{ value: 'Polka', count: 2 }],
    });
  });

  it('knows what was added, changed and deleted since', async () => {
    const more = [2, 5, 8, 4000];
    await library.put(more);
    await library.put([1, 4, 7], { seed: 5000 });
    await library.sql('DELETE FROM sample_embeddings WHERE sample_id IN (121, 124)');
    await fast.refresh();
    expect(fast.state()).toMatchObject({ samples: COUNT + more.length - 2 });
    expect(fast.state()).not.toHaveProperty('error');
    for (let seed = 0; seed < 40; seed++)
      for (const mode of ['vector', 'text', 'hybrid'] as const)
        expectSame(await MODES[mode](fast.reads, seed, null), await MODES[mode](library.store, seed, null));
  });

  describe('asks the store for similarities', () => {
    let asked: ('end' | number)[];
    let own: FastSearch;
    beforeEach(async () => {
      asked = [];
      const watched: typeof library.store.similarities = async (query, some, options) => {
        asked.push(some.length);
        const found = await library.store.similarities(query, some, options);
        asked.push('end');
        return found;
      };
      own = open({ ...library.store, similarities: watched });
      await own.loaded();
    });
    afterEach(() => own.close());

    it('at once', async () => {
      await MODES.hybrid(own.reads, 3, await own.idsThatFit({ genre: 'house' }));
      expect(asked.slice(0, 3)).not.toContain('end');
      expect(asked).toHaveLength(6);
    });

    it('once for each sample of a query, however long its ranking becomes', async () => {
      const [query, text] = [library.query(3), library.text(3)];
      const ranked = (limit: number, asked = query) =>
        byBoth(own.reads, asked, text, { limit, among: null, rows: COUNT });
      const short = await ranked(10);
      asked.length = 0;
      await ranked(300);
      expect(asked).toEqual([]);
      expect(await ranked(10, { ...query })).toEqual(short);
      expect(asked).toContain(COUNT);
    });
  });

  it('leaves to the store what it has not loaded yet', async () => {
    const young = open();
    try {
      for (const mode of ['vector', 'text', 'hybrid'] as const)
        expectSame(await MODES[mode](young.reads, 3, null), await MODES[mode](library.store, 3, null));
    } finally {
      await young.close();
    }
  });
});
