import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/engines/libsql/index.js';
import { Database } from '../../src/sqlite.js';
import type { KitLibrary } from '../../src/take/kit-library.js';
import { type LongLine, startLongLine } from '../support/long-line.js';
import { startSqld, type TestSqld } from '../support/sqld.js';
import { appOf, type Stage, setStage } from './stage.js';

/** The same samples, called by text. */
const TEXT_IDS = `collections:
  default:
    source:
      select: SELECT 'key-' || id AS key, title, genre, bpm, duration, file_path FROM samples
      id: key
    text: '{title}'
    filters: [genre, bpm]
`;

let sqld: TestSqld;
let line: LongLine;
let stage: Stage;
beforeAll(async () => {
  sqld = await startSqld();
  line = await startLongLine(sqld.url);
  stage = await setStage(200, { TURSO_DATABASE_URL: line.url });
  const store = await openStore({ url: sqld.url });
  await store.numbersFor(Array.from({ length: 500 }, (_, at) => `key-${at + 1}`));
  await store.close();
});
afterAll(async () => {
  await stage?.close();
  await line?.close();
  await sqld?.stop();
});

/** Now and then, in the background, it is looked whether the store has changed. */
const isLook = (body: string): boolean => /AS known\b|datetime\('now'|created_at >= \?/.test(body);

const pathOf = (parameters: Record<string, string>, more: string[] = []): string =>
  `/api/v1/search?${[String(new URLSearchParams(parameters)), ...more].join('&')}`;

/** How many requests of a search the store gets, by round trip. */
async function tripsOf(library: KitLibrary, path: string): Promise<number[]> {
  const { ask, reports } = appOf(library);
  let response: Response | null = null;
  const trips = await line.tripsOf(async () => {
    response = await ask(path);
  });
  const answer = await (response as Response | null)?.json();
  expect(answer, path).toMatchObject({ empty: null, bought: null });
  expect(reports).toEqual([]);
  return trips.map((trip) => trip.filter((body) => !isLook(body)).length).filter((count) => count > 0);
}

// Words that FTS5 knows only as phrases are asked for too, the first time.
const QUERIES = ['dark moody hip hop', 'warm DeepHouse PadLoop 電子音楽 drum'];
const FILTERS = { 'no filter': [], 'a filter': ['where=bpm=60-190'] };

describe.each(['numbers', 'text'])('with a store far away, all in memory and ids that are %s', (kind) => {
  let library: KitLibrary;
  let ids: string[];
  beforeAll(async () => {
    if (kind === 'text') writeFileSync(join(stage.path, 'embeddings.config.yaml'), TEXT_IDS);
    library = await stage.open();
    await library.facets({});
    const { hits } = await library.search('dark', { mode: 'text', limit: 5 });
    ids = hits.map(({ sample_id }) => String(sample_id));
    // Vectors of queries are bought once.
    for (const query of QUERIES) await library.search(query, { mode: 'vector', limit: 1 });
  });

  it.each(Object.entries(FILTERS))('a search waits for it twice, with %s', async (_, where) => {
    for (const q of QUERIES) {
      expect(await tripsOf(library, pathOf({ q, mode: 'vector' }, where))).toEqual([1, 1]);
      expect((await tripsOf(library, pathOf({ q }, where))).length).toBeLessThanOrEqual(2);
      expect(await tripsOf(library, pathOf({ q, mode: 'text' }, where))).toEqual([]);
      expect(await tripsOf(library, pathOf({ q }, where))).toEqual([1, 3]);
    }
  });

  it.each(Object.entries(FILTERS))('what is like samples too, with %s', async (_, where) => {
    const [one = '', two = '', three = ''] = ids;
    expect(await tripsOf(library, pathOf({ like: one }, where))).toEqual([1, 1]);
    const several = [`like=${two}`, `unlike=${three}`, ...where];
    expect(await tripsOf(library, pathOf({ like: one, q: QUERIES[0] ?? '' }, several))).toEqual([4, 1]);
  });

  it('a search by words waits once, where it has phrases', async () => {
    expect(await tripsOf(library, pathOf({ q: 'dark TechnoLoop', mode: 'text' }))).toEqual([1]);
  });
});

it('a sample that has left the catalog is called by its text id, for which the store is asked once', async () => {
  const library = await stage.open();
  await library.facets({});
  await library.search('warm', { mode: 'vector', limit: 1 });
  const [first] = (await library.search('warm', { mode: 'vector', limit: 1 })).hits;
  const number = String(first?.sample_id).replace('key-', '');
  const db = new Database(join(stage.path, 'catalog.db'));
  db.exec(`DELETE FROM vibe_analyses WHERE sample_id = ${number}; DELETE FROM samples WHERE id = ${number}`);
  db.close();
  const young = await stage.open();
  await young.facets({});
  const [hit] = (await young.search('warm', { mode: 'vector', limit: 1 })).hits;
  expect(hit).toMatchObject({ sample_id: `key-${number}`, gone: true });
  expect(await tripsOf(young, pathOf({ q: 'warm', mode: 'vector' }))).toEqual([1, 1]);
});
