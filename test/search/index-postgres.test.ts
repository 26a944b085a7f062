import { afterAll, beforeAll, expect, it } from 'vitest';
import { LIBRARY_FILTERS } from '../../src/collections/library-text.js';
import { type FastSearch, openFastSearch } from '../../src/search/index/open-fast-search.js';
import { type Catalog, openCatalog } from '../../src/sources/index.js';
import type { SampleFilter } from '../../src/sources/types.js';
import { postgresSite, SCHEMA, type Site } from '../sources/sites.js';
import { DIMENSIONS, type Library, makeLibrary } from './library.js';

let site: Site;
let library: Library;
let catalog: Catalog;
let fast: FastSearch;
const ids = Array.from({ length: 300 }, (_, at) => at + 1);
beforeAll(async () => {
  site = await postgresSite();
  library = await makeLibrary();
  await library.put(ids);
  const genres = ['House', 'house', 'ÜBER', 'über', null];
  const url = await site.make(
    [...SCHEMA, 'alter table samples add column instruments text[], add column gain numeric'],
    {
      samples: ids.map((id) => ({
        ...{
          id,
          title: `Sample ${id}`,
          genre: genres[id % 5],
          bpm: id % 7 === 0 ? Number.NaN : 60 + (id % 90),
        },
        tags: JSON.stringify([['vinyl', 'Lo-Fi', 'café'][id % 3]]),
        ...{ instruments: [['kick'], ['Bass', 'kick'], []][id % 3], gain: `${id % 13}.50` },
      })),
      vibe_analyses: ids.slice(0, 200).map((id) => ({
        ...{ id, sample_id: id, mood_primary: ['dark', 'Warm'][id % 2], mood_secondary: 'calm' },
        energy_level: (id % 10) / 10,
      })),
    },
  );
  catalog = await openCatalog(url);
  fast = openFastSearch({
    ...{ store: library.store, catalog, storeUrl: library.url, generation: 1, dimensions: DIMENSIONS },
    collection: { rows: null, filters: [...LIBRARY_FILTERS, 'instruments', 'gain'] },
  });
  await fast.loaded();
});
afterAll(async () => {
  await fast?.close();
  await catalog?.close();
  await library?.close();
  await site?.close();
});

const where = (field: string, is: string): SampleFilter => ({ where: [{ field, is }] });
const between = (field: string, from: number, to: number): SampleFilter => ({ where: [{ field, from, to }] });

it.each<[SampleFilter, 'memory' | 'database']>([
  [{ genre: 'HOUSE' }, 'memory'],
  [{ genre: 'über' }, 'memory'],
  [{ bpm: { from: 80, to: 95 } }, 'memory'],
  [{ mood: 'warm', energy: { from: 0.2, to: 0.6 } }, 'memory'],
  [{ mood: 'calm', genre: 'house' }, 'memory'],
  [{ tag: 'lo-fi' }, 'memory'],
  [where('instruments', 'kick'), 'memory'],
  [where('instruments', 'bass'), 'memory'],
  [between('gain', 2, 6.5), 'memory'],
  [where('title', 'sample 12'), 'memory'],
  [{ bpm: { from: 0, to: Number.POSITIVE_INFINITY } }, 'memory'],
  [where('genre', 'polka'), 'memory'],
])('%j fits what PostgreSQL says, from %s', async (filter, from) => {
  const theirs = await catalog.findIds(filter);
  const ours = await fast.idsThatFit(filter);
  expect(Array.isArray(ours) ? 'database' : 'memory').toBe(from);
  expect(ours.length).toBe(theirs.length);
  const page = { after: null, limit: 1000 };
  expect((await fast.reads.listed(ours, page)).ids).toEqual(theirs);
});
