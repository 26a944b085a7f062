import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSampleSearch, type SampleSearch, SearchQueueFull } from '../../src/index.js';
import { DIMENSIONS, type Library, MODEL, makeLibrary } from './library.js';

let library: Library;
let search: SampleSearch;
beforeAll(async () => {
  library = await makeLibrary();
  await library.put(Array.from({ length: 60 }, (_, at) => at + 1));
  const { url: storeUrl, catalogUrl } = library;
  search = await openSampleSearch({ storeUrl, catalogUrl, model: MODEL, dimensions: DIMENSIONS });
});
afterAll(async () => {
  await search?.close();
  await library?.close();
});

describe('openSampleSearch', () => {
  it.each([-1, 0, 1.5, 1001, 200_000, Number.NaN, '10' as unknown as number])(
    'refuses a limit of %s',
    async (limit) => {
      const sentence = `limit must be an integer from 1 to 1,000, got ${limit}`;
      await expect(search.search('drum loop', { mode: 'text', limit })).rejects.toThrow(sentence);
      await expect(search.similar(1, { limit })).rejects.toThrow(sentence);
    },
  );

  it('finds in memory what the store finds', async () => {
    const slow = await openSampleSearch({
      ...{ storeUrl: library.url, catalogUrl: library.catalogUrl, model: MODEL, dimensions: DIMENSIONS },
      inMemory: false,
    });
    try {
      await search.ready();
      for (const filter of [{}, { genre: 'house' }]) {
        const asked = { mode: 'text', filter, limit: 20 } as const;
        const scores = async (from: SampleSearch) =>
          (await from.search('dark drum', asked)).map((hit) => hit.score.toFixed(6));
        expect(await scores(search)).toEqual(await scores(slow));
        const near = await search.similar(7, { filter });
        expect(near.length).toBeGreaterThan(0);
        expect(near).toEqual(await slow.similar(7, { filter }));
      }
    } finally {
      await slow.close();
    }
  });

  it('ends with its signal: what waits for its turn is never begun', async () => {
    await expect(
      search.search('drum', { mode: 'text', signal: AbortSignal.abort(new Error('left')) }),
    ).rejects.toThrow('left');
    const leaving = new AbortController();
    const all = Array.from({ length: 30 }, () =>
      search.search('drum', { mode: 'text', signal: leaving.signal }),
    );
    leaving.abort(new Error('left'));
    const ended = await Promise.allSettled(all);
    expect(ended.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(20);
    expect(await search.search('drum', { mode: 'text' })).not.toEqual([]);
  });

  it('refuses a search where as many wait as may', async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 200 }, () => search.search('drum', { mode: 'text' })),
    );
    const refused = all.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every((error) => error instanceof SearchQueueFull)).toBe(true);
  });
});
