import { createClient } from '@libsql/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIBRARY_FILTERS } from '../../src/collections/library-text.js';
import { type FastSearch, openFastSearch } from '../../src/search/index/open-fast-search.js';
import { seeded } from '../../src/seeded-random.js';
import { DIMENSIONS, type Library, makeLibrary } from './library.js';

const WORDS = ['dark', 'pad', 'DarkPad', 'kick', '808', 'Kick808', 'the', '電子鼓', '電池', '子', 'Straße'];
const COUNT = 600;
/** Phrases of one token and of several, with tokens that no text holds, and beginnings. */
const EXPRESSIONS = [
  ...['"dark pad"', '"pad dark"', '"kick 808"', '"the the"', '"the the the"', '"dark nowhere"', '"nowhere"'],
  ...['"電子 子鼓"', '"電" *', '"子" *', '"無" *', '"d" *', '"dark p" *', '("straße" OR "strasse")'],
  ...['"dark" OR "dark pad" OR "電" *', '"" OR "pad"', '"kick" OR "kick"'],
];

let library: Library;
let fast: FastSearch;
beforeAll(async () => {
  library = await makeLibrary();
  const random = seeded(5);
  const textOf = () =>
    Array.from({ length: random.integer(1, 40) }, () => random.pick(WORDS)).join(random.pick([' ', ', ']));
  const ids = Array.from({ length: COUNT }, (_, at) => 2 * at + 1);
  await library.put(ids);
  const client = createClient({ url: library.url });
  for (const id of ids)
    await client.execute({
      sql: 'UPDATE sample_embeddings SET embedding_source = ? WHERE sample_id = ?',
      args: [textOf(), id],
    });
  client.close();
  await library.store.enterMissing(null, 2 * COUNT);
  const { store, catalog, url: storeUrl } = library;
  const collection = { rows: null, filters: LIBRARY_FILTERS };
  fast = openFastSearch({ store, catalog, collection, storeUrl, generation: 1, dimensions: DIMENSIONS });
  await fast.loaded();
});
afterAll(async () => {
  await fast.close();
  await library.close();
});

const byScore = (found: { sampleId: number; bm25: number }[]): string[] =>
  found.map(({ sampleId, bm25 }) => `${bm25.toFixed(9)} ${sampleId}`).sort();

/** That of all samples, so that the store and the memory may put equal ones in another order. */
const expectSame = async (expression: string): Promise<void> => {
  const all = { limit: COUNT, among: null };
  const [ours, stores] = [
    await fast.reads.matching(expression, all),
    await library.store.matching(expression, all),
  ];
  expect(byScore(ours)).toEqual(byScore(stores));
  expect(ours.map(({ bm25 }) => bm25)).toEqual([...ours.map(({ bm25 }) => bm25)].sort((a, b) => b - a));
};

describe('words in memory', () => {
  it.each(EXPRESSIONS)('score %s as FTS5 does', async (expression) => {
    await expectSame(expression);
  });

  it.each(EXPRESSIONS)('count and tell the texts of %s as FTS5 does', async (expression) => {
    expect(await fast.reads.frequencies([expression])).toEqual(await library.store.frequencies([expression]));
    const some = Array.from({ length: 90 }, (_, at) => 13 * at + 1);
    const [ours] = await fast.reads.matchesAmong([expression], some);
    const [stores] = await library.store.matchesAmong([expression], some);
    expect([...(ours ?? [])].sort()).toEqual([...(stores ?? [])].sort());
  });

  it('know them anew when texts came and went', async () => {
    await library.sql('DELETE FROM sample_embeddings WHERE sample_id % 7 = 1');
    await library.put([2, 4, 6, 8]);
    await library.sql(
      "UPDATE sample_embeddings SET embedding_source = 'dark pad 電' WHERE sample_id IN (3, 5)",
    );
    await library.store.enterMissing(null, COUNT);
    await fast.refresh();
    for (const expression of EXPRESSIONS) await expectSame(expression);
  });
});
