import { createClient } from '@libsql/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appOf, type Stage, setStage } from './stage.js';

/** What the sample library's front end reads of a result. */
const RESULT = [
  ...['id', 'title', 'bpm', 'musical_key', 'genre', 'duration', 'similarity', 'mood', 'mood_secondary'],
  ...[
    'energy_level',
    'danceability',
    'vibe_tags',
    'acousticness',
    'instrumentalness',
    'preview_url',
    'full_url',
  ],
];

let stage: Stage;
let ask: ReturnType<typeof appOf>['ask'];
let reports: unknown[];
beforeAll(async () => {
  stage = await setStage(300);
  ({ ask, reports } = appOf(stage.library));
});
afterAll(async () => {
  expect(reports).toEqual([]);
  await stage?.close();
});

type Row = Record<string, unknown>;
const read = async (path: string): Promise<Row & { results: Row[] }> => {
  const response = await ask(path);
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as Row & { results: Row[] };
};
const refused = async (path: string, status = 400): Promise<string> => {
  const response = await ask(path);
  expect(response.status).toBe(status);
  const { detail } = (await response.json()) as { detail: string };
  return detail;
};

describe('GET /api/v1/search/vibe', () => {
  it('answers as the library front end reads it', async () => {
    const body = await read('/api/v1/search/vibe?query=dark+moody+hip+hop&limit=7');
    expect(Object.keys(body).sort()).toEqual(['count', 'execution_time_ms', 'query', 'results']);
    expect(body).toMatchObject({ query: 'dark moody hip hop', count: 7 });
    expect(typeof body.execution_time_ms).toBe('number');
    expect(body.results).toHaveLength(7);
    for (const result of body.results) {
      expect(Object.keys(result).sort()).toEqual([...RESULT].sort());
      expect(typeof result.id).toBe('number');
      expect(Array.isArray(result.vibe_tags)).toBe(true);
      expect(result.preview_url).toBe(`/api/v1/samples/${result.id}/preview`);
      expect(result.full_url).toBe(`/api/v1/samples/${result.id}/download`);
    }
    expect(body.results.map(({ genre }) => genre)).toContain('hip hop');
  });

  it('obeys every filter of the front end', async () => {
    const filters =
      'bpm_min=80&bpm_max=130&energy_min=0.3&energy_max=0.8&danceability_min=0.2&danceability_max=0.9';
    const { results } = await read(`/api/v1/search/vibe?query=warm&limit=100&${filters}`);
    expect(results.length).toBeGreaterThan(3);
    for (const { bpm, energy_level: energy, danceability } of results) {
      expect(bpm).toBeGreaterThanOrEqual(80);
      expect(bpm).toBeLessThanOrEqual(130);
      expect(energy).toBeGreaterThanOrEqual(0.3);
      expect(energy).toBeLessThanOrEqual(0.8);
      expect(danceability).toBeGreaterThanOrEqual(0.2);
      expect(danceability).toBeLessThanOrEqual(0.9);
    }
    const jazz = await read('/api/v1/search/vibe?query=warm&limit=100&genre=JAZZ');
    expect(new Set(jazz.results.map(({ genre }) => genre))).toEqual(new Set(['jazz']));
    // Forms send empty fields for what nobody has filled in.
    expect((await read('/api/v1/search/vibe?query=warm&bpm_min=&genre=&limit=')).count).toBe(20);
  });

  it('refuses what it cannot take, with the reason', async () => {
    expect(await refused('/api/v1/search/vibe')).toMatch(/query/);
    expect(await refused('/api/v1/search/vibe?query=%20')).toMatch(/the query is empty/);
    for (const limit of ['0', '101', '-1', '1.5', 'x', '1e9'])
      expect(await refused(`/api/v1/search/vibe?query=x&limit=${limit}`)).toMatch(
        /limit must be a whole number/,
      );
    expect(await refused('/api/v1/search/vibe?query=x&bpm_min=fast')).toMatch(/bpm_min must be a number/);
    expect(await refused(`/api/v1/search/vibe?query=${'x'.repeat(100_000)}`)).toMatch(
      /more than 4,000 characters/,
    );
  });
});

describe('GET /api/v1/search/similar/{id}', () => {
  it('answers as the library front end reads it, without the sample itself', async () => {
    const body = await read('/api/v1/search/similar/1?limit=5&bpm_min=1');
    expect(Object.keys(body).sort()).toEqual(['count', 'reference_sample_id', 'results']);
    expect(body).toMatchObject({ reference_sample_id: 1, count: 5 });
    expect(body.results.map(({ id }) => id)).not.toContain(1);
    for (const result of body.results) expect(Object.keys(result).sort()).toEqual([...RESULT].sort());
  });

  it('names what is not there', async () => {
    expect(await refused('/api/v1/search/similar/999999', 404)).toMatch(
      /sample 999999 is not in the catalog/,
    );
    expect(await refused('/api/v1/search/similar/abc', 404)).toMatch(/is not the id of a sample/);
  });
});

describe('GET /api/v1/search', () => {
  it('has every filter of the collection, pages, and says what was bought', async () => {
    const asked = '/api/v1/search?q=late+night+drive&limit=10&where=genre%3Dtechno&where=bpm%3D120-150';
    const first = await read(asked);
    expect(first.bought).toMatchObject({ tokens: expect.any(Number), cost_usd: expect.any(Number) });
    const { next_cursor: cursor } = first;
    const second = await read(`${asked}&cursor=${cursor}`);
    expect(second.bought).toBeNull();
    const ids = [...first.results, ...second.results].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { fields } of first.results)
      expect(fields).toMatchObject({ genre: 'techno', bpm: expect.any(Number), tags: expect.anything() });
    expect(await refused(`/api/v1/search?q=other&cursor=${cursor}`)).toMatch(
      /cursor belongs to another search/,
    );
    expect(await refused('/api/v1/search?q=x&where=gnere%3Dtechno')).toMatch(/did you mean genre\?/);
  });

  it('finds by several examples, and away from others', async () => {
    const { results } = await read('/api/v1/search?q=bright&limit=3');
    const examples = results.map(({ id }) => id);
    const like = `/api/v1/search?like=${examples[0]}&like=${examples[1]}&limit=20`;
    const near = await read(like);
    const away = await read(`${like}&unlike=${examples[2]}`);
    const ids = away.results.map(({ id }) => id);
    for (const id of examples) expect(ids).not.toContain(id);
    expect(ids).not.toEqual(near.results.map(({ id }) => id));
  });

  it('lists what fits conditions alone, by id and by pages, as far as it can be found', async () => {
    const asked = '/api/v1/search?q=&where=bpm%3D60-190&limit=50';
    const pages = [await read(asked)];
    for (let page = pages.at(-1); page?.next_cursor != null; page = pages.at(-1))
      pages.push(await read(`${asked}&cursor=${page.next_cursor}`));
    const all = pages.flatMap(({ results }) => results);
    const ids = all.map(({ id }) => Number(id));
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    expect(pages.length).toBeGreaterThan(3);
    const [first] = pages;
    expect(first).toMatchObject({ count: 50, total: ids.length, empty: null, bought: null });
    for (const { similarity, fields } of all) {
      expect(similarity).toBeNull();
      expect((fields as { bpm: number }).bpm).toBeGreaterThanOrEqual(60);
    }
    const jazz = await read('/api/v1/search?where=genre%3DJAZZ&limit=200');
    expect(new Set(jazz.results.map(({ fields }) => (fields as Row).genre))).toEqual(new Set(['jazz']));
    expect(await read('/api/v1/search?where=genre%3Dpolka')).toMatchObject({
      ...{ results: [], count: 0, total: 0, next_cursor: null },
      empty: expect.stringMatching(/no sample of the catalog fits .*genre="polka"/),
    });

    // A sample that is not embedded, and one whose row was deleted since.
    const { id } = all[3] as { id: number };
    const store = createClient({ url: stage.env.TURSO_DATABASE_URL ?? '' });
    await store.execute({ sql: 'DELETE FROM sample_embeddings WHERE sample_id = ?', args: [id] });
    store.close();
    const library = await stage.open();
    const left = await appOf(library).ask('/api/v1/search?where=bpm%3D60-190&limit=200');
    const { results, total } = (await left.json()) as { results: Row[]; total: number };
    expect(total).toBe(ids.length - 1);
    expect(results.map((row) => row.id)).not.toContain(id);
  });

  it('refuses to list everything, and similarity to nothing', async () => {
    expect(await refused('/api/v1/search')).toMatch(/the query is empty/);
    expect(await refused('/api/v1/search?where=genre%3Djazz&min_similarity=0.5')).toMatch(
      /min_similarity needs q or like/,
    );
    const { next_cursor: cursor } = await read('/api/v1/search?where=bpm%3D60-190&limit=1');
    expect(await refused(`/api/v1/search?where=bpm%3D60-191&cursor=${cursor}`)).toMatch(/to another search/);
  });

  it('says that no text holds the words', async () => {
    expect((await read('/api/v1/search?q=zzyzx&mode=text')).empty).toMatch(
      /^no text holds any of these words: try others, or search by meaning without mode=text$/,
    );
    expect((await read('/api/v1/search?q=zzyzx&mode=text&where=genre%3Djazz')).empty).toMatch(
      /samples fit where=genre="jazz", and none of their texts holds any of these words/,
    );
    const { results, empty } = await read('/api/v1/search/vibe?query=warm&genre=polka');
    expect({ results, empty }).toEqual({ results: [], empty: expect.stringMatching(/genre="polka"/) });
    expect((await read('/api/v1/search/similar/1?genre=polka')).empty).toMatch(/genre="polka"/);
  });

  it('says which condition emptied it', async () => {
    const { results, empty } = await read('/api/v1/search?q=x&mode=text&where=genre%3Dpolka');
    expect({ results, empty }).toEqual({
      results: [],
      empty: expect.stringMatching(/no sample of the catalog fits .*genre="polka"/),
    });
  });
});

it('what there is to choose by has counts, under the conditions that hold', async () => {
  const { facets } = (await read('/api/v1/facets')) as unknown as { facets: Row[] };
  const genre = facets.find(({ field }) => field === 'genre') as { values: { count: number }[] };
  expect(genre.values.length).toBeGreaterThan(5);
  expect(facets.find(({ field }) => field === 'bpm')).toMatchObject({ kind: 'range' });
  expect(facets.map(({ field }) => field)).not.toContain('characteristics');
  const { facets: some } = (await read('/api/v1/facets?where=genre%3Djazz')) as unknown as { facets: Row[] };
  expect(some.find(({ field }) => field === 'genre')).toMatchObject({
    values: [{ value: 'jazz', count: expect.any(Number) }],
  });
});

it('describes itself, and every address that it describes is there', async () => {
  const document = (await (await ask('/openapi.json')).json()) as { openapi: string; paths: object };
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/api/v1/search/vibe', '/api/v1/search/similar/{id}', '/api/v1/search']),
  );
  expect(await refused('/api/v2', 404)).toMatch(/openapi\.json/);
});
