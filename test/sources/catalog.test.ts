import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { renderSourceText } from '../../src/collections/source-text.js';
import { type Catalog, openCatalog } from '../../src/sources/index.js';
import { postgresSite, type Row, SCHEMA, type Site, sqliteSite } from './sites.js';

const sample = (id: number | bigint, more: Row = {}): Row => ({ id, title: `Sample ${id}`, ...more });
const idsOf = (rows: { id: number }[]) => rows.map((row) => row.id);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe.each([
  { dialect: 'sqlite', start: sqliteSite },
  { dialect: 'postgres', start: postgresSite },
])('a $dialect catalog', ({ dialect, start }) => {
  let site: Site;
  const opened: Catalog[] = [];
  const open = async (url: string) => {
    const catalog = await openCatalog(url);
    opened.push(catalog);
    return catalog;
  };
  const catalogOf = async (...made: Parameters<Site['make']>) => open(await site.make(...made));

  beforeAll(async () => {
    site = await start();
  }, 60_000);
  afterEach(async () => {
    for (const catalog of opened.splice(0)) await catalog.close();
  });
  afterAll(() => site.close());

  it('gives every column that matters, with the first analysis', async () => {
    const catalog = await catalogOf(SCHEMA, {
      samples: [
        sample(1, {
          title: 'Dusty Rhodes',
          genre: 'hip hop',
          bpm: 92.5,
          musical_key: 'Am',
          tags: '["lo-fi"]',
        }),
        sample(2),
      ],
      vibe_analyses: [
        {
          id: 1,
          sample_id: 1,
          mood_primary: 'dark',
          mood_secondary: 'moody',
          energy_level: 0.125,
          texture_tags: '["dusty","warm"]',
          characteristics: '{"raw_analysis": "A loop."}',
        },
      ],
    });
    expect(await catalog.inspect()).toEqual({ dialect, samples: 2 });
    const [first, second] = await catalog.readPage({ after: null, limit: 10 });
    expect(renderSourceText(first ?? { id: 0 })).toEqual({
      text:
        'Title: Dusty Rhodes\nGenre: hip hop\nBPM: 92\nKey: Am\nMood: dark, moody\nEnergy: 0.12\n' +
        'Tags: dusty, warm\nDescription: A loop.\nSample Tags: lo-fi',
      notes: [],
    });
    expect(second).toMatchObject({ id: 2, title: 'Sample 2', mood_primary: null });
    expect(Object.keys(first ?? {})).not.toContain('file_path');
  });

  it('pages through all ids, from below 0 to the largest, each once', async () => {
    const ids = [Number.MIN_SAFE_INTEGER, -5, 0, 1, 2, 5, 5_000_000_000, Number.MAX_SAFE_INTEGER];
    const catalog = await catalogOf(SCHEMA, { samples: ids.map((id) => sample(id)) });
    await catalog.inspect();
    const seen: number[] = [];
    for (let after: number | null = null; ; after = seen.at(-1) ?? null) {
      const page = await catalog.readPage({ after, limit: 3 });
      seen.push(...idsOf(page));
      if (page.length < 3) break;
    }
    expect(seen).toEqual(ids);
    expect(await catalog.count()).toBe(ids.length);
    const some = [...ids, -6, 77, Number.MAX_SAFE_INTEGER - 1];
    expect([...(await catalog.whichExist(some))].sort((a, b) => a - b)).toEqual(ids);
    expect(idsOf(await catalog.readIds([5, -5, 0, 77, 5, Number.MAX_SAFE_INTEGER]))).toEqual([
      -5,
      0,
      5,
      Number.MAX_SAFE_INTEGER,
    ]);
  });

  it('reads ranges across gaps, page by page', async () => {
    const ids = upTo(3000).filter((id) => id % 7 !== 0);
    const catalog = await catalogOf(SCHEMA, { samples: ids.map((id) => sample(id)) });
    const ranges = upTo(900).map((n) => ({ from: n * 3, to: n * 3 + (n % 2) }));
    ranges.push({ from: 2950, to: 1_000_000_000_000 });
    const wanted = ids.filter((id) => ranges.some(({ from, to }) => from <= id && id <= to));
    for (const limit of [1000, 250]) {
      const seen: number[] = [];
      for (let after: number | null = null; ; after = seen.at(-1) ?? null) {
        const page = await catalog.readPage({ after, limit, ranges });
        seen.push(...idsOf(page));
        if (page.length < limit) break;
      }
      expect(seen).toEqual(wanted);
    }
    expect(await catalog.count(ranges)).toBe(wanted.length);
    expect(await catalog.count([])).toBe(0);
    expect(await catalog.readPage({ after: null, limit: 10, ranges: [] })).toEqual([]);
    expect(await catalog.readPage({ after: Number.MAX_SAFE_INTEGER, limit: 10 })).toEqual([]);
    expect(idsOf(await catalog.readIds([...ids, 7, 14]))).toEqual(ids);
  });

  it('is quick over a range far wider than the table', async () => {
    const catalog = await catalogOf(SCHEMA, { samples: upTo(500).map((id) => sample(id)) });
    const ranges = [{ from: 1, to: 1_000_000_000 }];
    const started = performance.now();
    expect(await catalog.count(ranges)).toBe(500);
    expect((await catalog.readPage({ after: 100, limit: 1000, ranges })).length).toBe(400);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('gives one row a sample when there are several analyses', async () => {
    const several = SCHEMA.map((statement) => statement.replace(' unique', ''));
    const catalog = await catalogOf(several, {
      samples: [sample(1), sample(2), sample(3)],
      vibe_analyses: [
        { id: 9, sample_id: 1, mood_primary: 'late' },
        { id: 3, sample_id: 1, mood_primary: 'first' },
        { id: 4, sample_id: 2, mood_primary: 'only' },
      ],
    });
    const page = await catalog.readPage({ after: null, limit: 3 });
    expect(page.map((row) => [row.id, row.mood_primary])).toEqual([
      [1, 'first'],
      [2, 'only'],
      [3, null],
    ]);
  });

  it('needs no more than id, title and sample_id, also as views', async () => {
    const catalog = await catalogOf(
      [
        'create table tracks (track integer primary key, name varchar)',
        'create view samples as select track as id, name as title from tracks',
        'create view vibe_analyses as select track as sample_id from tracks where track > 5',
        `insert into tracks values (1, 'One')`,
      ],
      {},
    );
    expect(await catalog.inspect()).toEqual({ dialect, samples: 1 });
    expect(await catalog.readIds([1])).toEqual([{ id: 1, title: 'One' }]);
  });

  it.each([
    ['missing', []],
    [
      'empty',
      ['create table vibe_analyses (id integer primary key, sample_id integer, mood_primary varchar)'],
    ],
  ])('needs no analyses: the table may be %s', async (_, more) => {
    const catalog = await catalogOf(
      ['create table samples (id integer primary key, title varchar, genre varchar)', ...more],
      { samples: [sample(1, { genre: 'house' }), sample(2)] },
    );
    expect(await catalog.inspect()).toEqual({ dialect, samples: 2 });
    expect(await catalog.readPage({ after: null, limit: 9 })).toMatchObject([
      { id: 1, genre: 'house' },
      { id: 2 },
    ]);
    expect(await catalog.findIds({ genre: 'house' })).toEqual([1]);
    expect(await catalog.survey()).toMatchObject({
      samples: 2,
      analyses: 0,
      filled: { 'samples.genre': 1, 'samples.bpm': null, 'vibe_analyses.energy_level': null },
    });
  });

  it('counts what makes it into a text', async () => {
    const catalog = await catalogOf(SCHEMA, {
      samples: [
        sample(1, { genre: 'house', bpm: 120, tags: '["a"]' }),
        sample(2, { genre: '', bpm: 0, tags: '[]' }),
        sample(3, { title: '', musical_key: 'Am', tags: 'null' }),
      ],
      vibe_analyses: [
        { id: 1, sample_id: 1, mood_primary: 'dark', characteristics: '{"raw_analysis": "A loop."}' },
        { id: 2, sample_id: 3, mood_primary: 'calm', characteristics: '{"other": 1}', texture_tags: '[]' },
      ],
    });
    expect(await catalog.survey()).toEqual({
      samples: 3,
      analyses: 2,
      filled: {
        'samples.title': 2,
        'samples.genre': 1,
        'samples.bpm': 1,
        'samples.musical_key': 1,
        'samples.tags': 1,
        'vibe_analyses.mood_primary': 2,
        'vibe_analyses.mood_secondary': 0,
        'vibe_analyses.energy_level': 0,
        'vibe_analyses.texture_tags': 0,
        'vibe_analyses.characteristics': 1,
      },
      hidden: [],
    });
  });

  it('gives a page although the database cannot give one of its rows', async () => {
    // Of a text that is no JSON, neither database extracts anything.
    const extracted = dialect === 'sqlite' ? `json_extract(facts, '$.genre')` : `facts::json ->> 'genre'`;
    const catalog = await catalogOf([
      'create table tracks (track integer primary key, name varchar, facts text)',
      `create view samples as select track as id, name as title, ${extracted} as genre from tracks`,
      ...upTo(50).map((n) => `insert into tracks values (${n}, 'Track ${n}', '{"genre": "house"}')`),
      `update tracks set facts = '{"genre": ' where track = 17`,
    ]);
    expect((await catalog.inspect()).samples).toBe(50);
    const page = await catalog.readPage({ after: null, limit: 40 });
    expect(idsOf(page)).toEqual(upTo(40));
    const bad = page.filter((row) => row.unreadable !== undefined);
    expect(bad).toMatchObject([
      { id: 17, title: 'Track 17', unreadable: expect.stringMatching(/^genre: .*json/i) },
    ]);
    expect(idsOf(await catalog.readIds([16, 17, 99]))).toEqual([16, 17]);
    expect((await catalog.survey()).filled).toMatchObject({ 'samples.title': 50, 'samples.genre': 49 });
  });

  it('does not take a catalog for one of bad rows where no row can be read', async () => {
    const broken = dialect === 'sqlite' ? `json_extract(facts, '$.genre')` : `facts::json ->> 'genre'`;
    const catalog = await catalogOf([
      'create table tracks (track integer primary key, name varchar, facts text)',
      `create view samples as select track as id, name as title, ${broken} as genre from tracks`,
      ...upTo(200).map((n) => `insert into tracks values (${n}, 'Track ${n}', '{')`),
    ]);
    await expect(catalog.readPage({ after: null, limit: 200 })).rejects.toMatchObject({
      kind: 'blocked',
      message: expect.stringMatching(/cannot be read: .*none of which it gives/),
    });
  });

  it('names all that is missing in one sentence', async () => {
    const empty = await catalogOf(['create table other (id integer)']);
    await expect(empty.inspect()).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(
        /^DATABASE_URL: .* has no table samples; it has other: to embed another table, embeddings init --table NAME$/,
      ),
    });
    const partial = await catalogOf([
      'create table samples (id integer primary key)',
      'create table vibe_analyses (id integer primary key)',
    ]);
    await expect(partial.readPage({ after: null, limit: 1 })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(
        /has no column samples\.title and no column vibe_analyses\.sample_id; samples has id: to embed another table, embeddings init --table samples$/,
      ),
    });
  });

  it('names the columns of a table of another kind', async () => {
    const other = await catalogOf([
      'create table samples (id integer primary key, name varchar, pack varchar)',
    ]);
    await expect(other.inspect()).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(
        /has no column samples\.title; samples has id, name, pack: to embed another table, embeddings init --table samples$/,
      ),
    });
    const loose = await catalogOf([
      'create table samples (id integer primary key, title varchar)',
      'create table vibe_analyses (id integer primary key, sample integer)',
    ]);
    await expect(loose.inspect()).rejects.toThrow(
      /has no column vibe_analyses\.sample_id; vibe_analyses has id, sample: give it the id of its sample, or leave it out, embeddings init --table samples$/,
    );
  });

  it.each([['9007199254740993'], ['-9007199254740992']])('refuses the id %s', async (id) => {
    const catalog = await catalogOf(SCHEMA, { samples: [sample(BigInt(id))] });
    await expect(catalog.inspect()).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(`samples.id ${id} `),
    });
    await expect(catalog.readPage({ after: null, limit: 5 })).rejects.toMatchObject({ kind: 'usage' });
  });

  const AS_TEXT = /: to embed the table with its ids of text, embeddings init --table samples$/;
  it.each([
    ['varchar', "'abc'", AS_TEXT],
    ['numeric', '2.5', /: make it one, or a view named samples without such rows$/],
    ['varchar', "'5'", AS_TEXT],
  ])('refuses ids of type %s: %s, and names the way in', async (type, id, cure) => {
    const catalog = await catalogOf([
      `create table samples (id ${type}, title varchar)`,
      `create table vibe_analyses (id integer primary key, sample_id ${type})`,
      `insert into samples values (1, 'fine'), (${id}, 'odd'), (9, 'fine')`,
    ]);
    await expect(catalog.inspect()).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(cure),
    });
  });

  it('sees an edit at once and leaves out a deleted row', async () => {
    const url = await site.make(SCHEMA, { samples: [sample(1), sample(2)] });
    const catalog = await open(url);
    await catalog.readIds([1, 2]);
    await site.execute(url, `update samples set title = 'Edited' where id = 1`);
    await site.execute(url, 'delete from samples where id = 2');
    expect(await catalog.readIds([1, 2])).toMatchObject([{ id: 1, title: 'Edited' }]);
  });

  it('notices a changed table, says so, and goes on once it is back', async () => {
    const url = await site.make(SCHEMA, { samples: [sample(1, { genre: 'house' })] });
    const catalog = await open(url);
    await catalog.readIds([1]);
    await site.execute(url, 'alter table samples rename column genre to style');
    await expect(catalog.readIds([1])).rejects.toMatchObject({
      name: 'Fault',
      message: expect.stringContaining('genre'),
    });
    await site.execute(url, 'alter table samples rename column style to genre');
    expect(await catalog.readIds([1])).toMatchObject([{ id: 1, title: 'Sample 1', genre: 'house' }]);
  });

  it('survives hostile text', async () => {
    const titles = ['', ' ', '😀 مرحبا', `${'long '.repeat(200_000)}`, `'; drop table samples; --`];
    const tags = '["a\\u0000b", "\\ud800", 1e400]';
    const catalog = await catalogOf(SCHEMA, {
      samples: titles.map((title, i) => sample(i + 1, { title, tags, bpm: i === 0 ? 1e308 : -5 })),
    });
    await catalog.inspect();
    const page = await catalog.readPage({ after: null, limit: 100 });
    expect(page.map((row) => row.title)).toEqual(titles);
    for (const row of page) expect(renderSourceText(row).text).toContain('Title: ');
    expect(page[0]?.tags).toBe(tags);
  });

  it('answers many readers at once and closes twice', async () => {
    const catalog = await catalogOf(SCHEMA, { samples: upTo(200).map((id) => sample(id)) });
    const pages = await Promise.all(upTo(50).map((n) => catalog.readPage({ after: n, limit: 10 })));
    expect(pages.map((page) => page[0]?.id)).toEqual(upTo(50).map((n) => n + 1));
    await catalog.close();
    await catalog.close();
  });

  it('closes without ever having been used', async () => {
    const catalog = await openCatalog(await site.make(SCHEMA));
    await catalog.close();
  });
});
