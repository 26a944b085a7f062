import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SampleFilter } from '../../src/sources/types.js';
import { declared, openTextIds, pageThrough, type TestTextIds, upTo, using } from './declared-sites.js';
import { postgresSite, type Site, sqliteSite } from './sites.js';

describe.each([
  { dialect: 'sqlite', start: sqliteSite },
  { dialect: 'postgres', start: postgresSite },
])('declared rows on $dialect', ({ dialect, start }) => {
  const onPostgres = dialect === 'postgres';
  let site: Site;
  let textIds: TestTextIds;
  beforeAll(async () => {
    site = await start();
    textIds = await openTextIds();
  }, 60_000);
  afterAll(async () => {
    await textIds?.close();
    await site?.close();
  });

  const LOOPS = [
    'create table packs (pack_id integer primary key, name text)',
    'create table loops (path text primary key, title text, bpm double precision, pack integer)',
    `insert into packs values (1, 'Dusty Breaks'), (2, 'Night')`,
    ...upTo(30).map(
      (n) =>
        `insert into loops values ('${String.fromCharCode(97 + ((n - 1) % 26))}/${n}.wav', 'Loop ${n}', ${60 + n}, ${n % 3})`,
    ),
  ];
  const JOINED =
    'select l.path, l.title, p.name as pack, l.bpm from loops l left join packs p on p.pack_id = l.pack; -- done';

  it('gives integer ids as they are, below 0 and up to the largest', async () => {
    const url = await site.make([
      'create table tracks (track bigint primary key, name text, mood text)',
      `insert into tracks values (-5, 'minus', 'calm'), (0, 'zero', null), (7, 'seven', 'dark'), (9007199254740991, 'most', '')`,
    ]);
    await using(
      url,
      declared({ table: 'tracks' }, { id: 'track', fields: ['name', 'mood'] }),
      textIds,
      async (catalog) => {
        expect(await catalog.inspect()).toEqual({ dialect, samples: 4 });
        expect(await pageThrough(catalog, 3)).toEqual([
          { id: -5, name: 'minus', mood: 'calm' },
          { id: 0, name: 'zero', mood: null },
          { id: 7, name: 'seven', mood: 'dark' },
          { id: Number.MAX_SAFE_INTEGER, name: 'most', mood: '' },
        ]);
        const ranges = [
          { from: -9, to: 0 },
          { from: 5, to: 1_000_000 },
        ];
        expect((await catalog.readPage({ after: -5, limit: 9, ranges })).map(({ id }) => id)).toEqual([0, 7]);
        expect(await catalog.count(ranges)).toBe(3);
        expect(await catalog.count()).toBe(4);
        expect((await catalog.readIds([7, -5, 7, 8])).map(({ id }) => id)).toEqual([-5, 7]);
        expect(await catalog.whichExist([7, 8])).toEqual(new Set([7]));
        expect(await catalog.survey()).toEqual({
          samples: 4,
          analyses: null,
          filled: { name: 4, mood: 2 },
          hidden: [],
        });
      },
    );
  });

  it('gives text ids a number each, in the order of the database', async () => {
    const url = await site.make(LOOPS);
    await using(
      url,
      declared({ table: 'loops' }, { id: 'path', fields: ['path', 'title', 'bpm'] }),
      textIds,
      async (catalog) => {
        expect(await catalog.inspect()).toEqual({ dialect, samples: 30 });
        const all = await pageThrough(catalog, 7);
        expect(all.map(({ textId }) => textId)).toEqual(all.map(({ textId }) => textId).sort());
        expect(all[0]).toEqual({
          id: expect.any(Number),
          textId: 'a/1.wav',
          path: 'a/1.wav',
          title: 'Loop 1',
          bpm: 61,
        });
        expect(new Set(all.map(({ id }) => id)).size).toBe(30);

        const [first, second, third] = all.map(({ id }) => id) as [number, number, number];
        expect((await catalog.readIds([third, first, third, 999_999])).map(({ id }) => id)).toEqual(
          [first, third].sort((a, b) => a - b),
        );
        expect(await catalog.whichExist([first, 999_999])).toEqual(new Set([first]));
        const ranges = [{ from: second, to: second + 5 }];
        expect((await catalog.readPage({ after: null, limit: 3, ranges })).map(({ id }) => id)).toEqual([
          second,
          second + 1,
          second + 2,
        ]);
        expect((await catalog.readPage({ after: second + 4, limit: 3, ranges })).map(({ id }) => id)).toEqual(
          [second + 5],
        );
        expect(await catalog.count(ranges)).toBe(6);
        expect(await catalog.count()).toBe(30);
        const everything = [{ from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER }];
        expect(await catalog.count(everything)).toBe(30);
        expect(await catalog.readPage({ after: null, limit: 0 })).toEqual([]);
      },
    );
  });

  it('has each row once while others write between the pages, also after the row that a page ended with is gone', async () => {
    const url = await site.make(LOOPS);
    await using(url, declared({ table: 'loops' }, { id: 'path' }), textIds, async (catalog) => {
      let pages = 0;
      const seen = await pageThrough(catalog, 10, async (page) => {
        pages += 1;
        const last = String(page.at(-1)?.textId);
        await site.execute(url, `delete from loops where path = '${last}'`);
        // Before the cursor and after it.
        await site.execute(
          url,
          `insert into loops values ('A${pages}', 'early', 1, 1), ('zz${pages}', 'late', 1, 1)`,
        );
      });
      const keys = seen.map(({ textId }) => textId);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toHaveLength(30 + pages);
      expect(keys.slice(-pages)).toEqual(upTo(pages).map((n) => `zz${n}`));
    });
  });

  it('reads a view, and a SELECT that joins', async () => {
    const url = await site.make([...LOOPS, 'create view slow as select * from loops where bpm <= 70']);
    await using(url, declared({ table: 'slow' }, { id: 'path' }), textIds, async (catalog) => {
      expect((await catalog.inspect()).samples).toBe(10);
      expect(await pageThrough(catalog, 4)).toHaveLength(10);
    });
    const rows = declared(
      { select: JOINED.replace(' -- done', '') },
      { id: 'path', fields: ['title', 'pack'] },
    );
    await using(url, rows, textIds, async (catalog) => {
      expect((await catalog.inspect()).samples).toBe(30);
      const all = await pageThrough(catalog, 4);
      expect(all).toHaveLength(30);
      expect(all[0]).toMatchObject({ textId: 'a/1.wav', title: 'Loop 1', pack: 'Dusty Breaks' });
      expect(await catalog.survey()).toMatchObject({ samples: 30, filled: { title: 30, pack: 20 } });
    });
  });

  it('filters by the items of the columns that its text reads as lists, and of others only where they are JSON', async () => {
    const url = await site.make([
      'create table sounds (id bigint primary key, name text, tags text, tempo text)',
      `insert into sounds values (1, 'dark, lofi', 'dark, lofi', '120 BPM'), (2, '["dark"]', '["lofi"]', '120,5'),
        (3, 'dark', '#Dark #soft', '85%'), (4, 'darker', 'dark lofi', null)`,
    ]);
    const rows = declared({ table: 'sounds' }, { fields: ['name', 'tags', 'tempo'], lists: ['tags'] });
    await using(url, rows, textIds, async (catalog) => {
      const fits = (field: string, is: string) => catalog.findIds({ where: [{ field, is }] });
      expect(await fits('tags', 'dark')).toEqual([1, 3]);
      expect(await fits('tags', 'dark, lofi')).toEqual([1]);
      expect(await fits('name', 'dark')).toEqual([2, 3]);
      expect(await fits('name', 'Dark, Lofi')).toEqual([1]);
      expect(await fits('tempo', '120')).toEqual([1]);
      expect(await catalog.findIds({ where: [{ field: 'tempo', from: 0.8, to: 121 }] })).toEqual([1, 2, 3]);
    });
  });

  it('filters by any column there is, of what has a number', async () => {
    const url = await site.make(LOOPS);
    const rows = declared({ select: `${JOINED.replace('; -- done', '')} -- without an end` }, { id: 'path' });
    const own = await openTextIds();
    try {
      await using(url, rows, own, async (catalog) => {
        const keysOf = async (filter: SampleFilter) =>
          [...(await own.keysOf(await catalog.findIds(filter))).values()].sort();
        expect(await keysOf({})).toEqual([]);
        await pageThrough(catalog, 10);
        expect(await keysOf({ where: [{ field: 'bpm', from: 80, to: 82 }] })).toEqual([
          't/20.wav',
          'u/21.wav',
          'v/22.wav',
        ]);
        expect(
          await keysOf({
            where: [
              { field: 'pack', is: 'dusty BREAKS' },
              { field: 'bpm', from: Number.NEGATIVE_INFINITY, to: 65 },
            ],
          }),
        ).toEqual(['a/1.wav', 'd/4.wav']);
        expect(await keysOf({ where: [{ field: 'bpm', is: '61.0' }] })).toEqual(['a/1.wav']);
        await expect(catalog.findIds({ where: [{ field: 'tempo', is: 'x' }] })).rejects.toMatchObject({
          kind: 'usage',
          message: '--where: there is no column tempo; it has bpm, pack, path, title',
        });
        await expect(catalog.findIds({ genre: 'house' })).rejects.toThrow(/^--genre: .*write --where/);
      });
    } finally {
      await own.close();
    }
  });

  it('gives a page although the database cannot give one of its rows', async () => {
    const extracted = onPostgres ? `facts::json ->> 'genre'` : `json_extract(facts, '$.genre')`;
    for (const [type, quote] of [
      ['integer', ''],
      ['text', `'`],
    ]) {
      const url = await site.make([
        `create table tracks (track ${type} primary key, name text, facts text)`,
        `create view genres as select track as id, name as title, ${extracted} as genre from tracks`,
        ...upTo(50).map(
          (n) => `insert into tracks values (${quote}${100 + n}${quote}, 'Track ${n}', '{"genre": "house"}')`,
        ),
        `update tracks set facts = '{"genre": ' where name = 'Track 17'`,
      ]);
      const rows = declared({ table: 'genres' }, { fields: ['title', 'genre'] });
      await using(url, rows, textIds, async (catalog) => {
        expect((await catalog.inspect()).samples).toBe(50);
        const all = await pageThrough(catalog, 40);
        expect(all).toHaveLength(50);
        const bad = all.filter((row) => row.unreadable !== undefined);
        expect(bad).toMatchObject([
          { title: 'Track 17', unreadable: expect.stringMatching(/^genre: .*json/i) },
        ]);
        expect(await catalog.readIds([bad[0]?.id ?? 0, all[0]?.id ?? 0])).toHaveLength(2);
        expect((await catalog.survey()).filled).toEqual({ title: 50, genre: 49 });
      });
    }
  });

  it('has an id that is there twice once, and goes on after it', async () => {
    const twice = upTo(9).flatMap((n) => (n === 4 ? [n, n, n, n, n, n] : n === 8 ? [n, n] : [n]));
    for (const [type, quote] of [
      ['integer', ''],
      ['text', `'`],
    ]) {
      const url = await site.make([
        `create table tracks (id ${type}, title text)`,
        ...twice.map((n) => `insert into tracks values (${quote}${n}${quote}, 'Track ${n}')`),
      ]);
      await using(url, declared({ table: 'tracks' }), textIds, async (catalog) => {
        await expect(catalog.inspect()).rejects.toMatchObject({
          kind: 'usage',
          message: expect.stringMatching(
            /^source\.id: tracks\.id "?[48]"? occurs \d times in .*: name a column/,
          ),
        });
        for (const limit of [2, 3, 5, 100]) {
          const all = await pageThrough(catalog, limit);
          expect(all.map(({ title }) => title)).toEqual(upTo(9).map((n) => `Track ${n}`));
        }
        expect(await catalog.readIds((await pageThrough(catalog, 100)).map(({ id }) => id))).toHaveLength(9);
      });
    }
  });

  it('refuses a large table whose id no index serves, and takes a small one', async () => {
    const numbers = (count: number) =>
      onPostgres
        ? `select 'k' || n as id, 'Track ' || n as title from generate_series(1, ${count}) n`
        : `with recursive s(n) as (select 1 union all select n + 1 from s where n < ${count}) select 'k' || n as id, 'Track ' || n as title from s`;
    const url = await site.make([
      `create table large as ${numbers(10_001)}`,
      `create table small as ${numbers(10_000)}`,
      'create table grouped as select * from large',
      `create unique index grouped_id on grouped (id)`,
      'create table tags (loop text, tag text)',
      'create index tags_loop on tags (loop)',
      `insert into tags select id, 'dusty' from grouped`,
      // Of the same types: SQLite seeks in both parts of a UNION ALL only then.
      `create table other as select 'x' || id as id, title from small limit 1`,
      'create unique index other_id on other (id)',
      'create view both_of_them as select id, title from grouped union all select id, title from other',
    ]);
    const refusalOf = (rows: Parameters<typeof declared>[0]) =>
      using(url, declared(rows), textIds, (catalog) => catalog.inspect()).catch((error) => error);
    expect(await refusalOf({ table: 'small' })).toEqual({ dialect, samples: 10_000 });
    expect(await refusalOf({ table: 'grouped' })).toEqual({ dialect, samples: 10_001 });
    expect(await refusalOf({ table: 'large' })).toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(
        /^source\.id: no index serves id of large .* 10,001 rows: CREATE UNIQUE INDEX .*ON large \(id\)/,
      ),
    });
    expect(await refusalOf({ select: 'select lower(id) as id, title from grouped' })).toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(
        /^source\.id: no index serves id of source\.select .*leave out WITH, DISTINCT/,
      ),
    });
    expect(await refusalOf({ select: 'select distinct id, title from grouped' })).toMatchObject({
      kind: 'usage',
    });
    expect(await refusalOf({ table: 'both_of_them' })).toEqual({ dialect, samples: 10_002 });
    const tagged =
      'select id, title, (select max(tag) from tags where loop = grouped.id) as tag from grouped';
    expect(await refusalOf({ select: tagged })).toEqual({ dialect, samples: 10_001 });
  });

  const TABLE = [
    'create table tracks (id text, title text, number integer)',
    `insert into tracks values ('a', 'A', 1), ('b', 'B', 2)`,
  ];
  it.each([
    [
      'a table that is not there',
      declared({ table: 'loop' }),
      /^source\.table: there is no table or view loop in /,
    ],
    [
      'an id that is not there',
      declared({ table: 'tracks' }, { id: 'uuid' }),
      /^source\.id: tracks in .* has no column uuid; it has id, number, title$/,
    ],
    [
      'fields that are not there',
      declared({ table: 'tracks' }, { fields: ['titel', 'title', 'mood'] }),
      /^source\.fields: tracks in .* has no column titel and no column mood; it has id, number, title$/,
    ],
    [
      'a field under a name of ours',
      declared({ table: 'tracks' }, { fields: ['unreadable'] }),
      /^source\.fields: .*unreadable AS its_unreadable/,
    ],
    [
      'a SELECT that writes',
      declared({ select: `delete from tracks returning id, title` }),
      /^source\.select: .*only reads/,
    ],
    [
      'an INSERT',
      declared({ select: `insert into tracks (id) values ('c')` }),
      /^source\.select: .*only reads/,
    ],
    ['a DROP', declared({ select: 'drop table tracks' }), /^source\.select: .*only reads/],
    [
      'several statements',
      declared({ select: 'select id, title from tracks; delete from tracks' }),
      /^source\.select: .*one SELECT/,
    ],
    [
      'statements that close the brackets',
      declared({ select: 'select id, title from tracks) as a; delete from tracks; select * from (select 1' }),
      /^source\.select: .*one SELECT/,
    ],
    [
      'what does not parse',
      declared({ select: 'selct id, title from tracks' }),
      /^source\.select: .*syntax error.*one SELECT/,
    ],
    [
      'an unknown table',
      declared({ select: 'select id, title from loops' }),
      /^source\.select: .*loops.*one SELECT/,
    ],
    [
      'an unknown column',
      declared({ select: 'select id, titel from tracks' }),
      /^source\.select: .*titel.*one SELECT/,
    ],
    ['an empty SELECT', declared({ select: ' ; ' }), /^source\.select: /],
    [
      'a SELECT without the id',
      declared({ select: 'select title from tracks' }),
      /^source\.id: source\.select in .* has no column id; it has title$/,
    ],
    [
      'a SELECT that gives the id twice',
      declared({ select: 'select a.id, b.id, a.title from tracks a, tracks b' }),
      /^source\.select: it gives two columns id/,
    ],
    [
      'a SELECT with a parameter',
      declared({
        select: `select id, title from tracks where number = ${dialect === 'postgres' ? '$1' : '?'}`,
      }),
      /^source\.select: .*without parameters/,
    ],
    [
      'ids that are NULL',
      declared({ select: `select nullif(id, 'b') as id, title from tracks` }),
      /^source\.id: id is NULL in some row: give every row an id/,
    ],
    [
      'integer ids that are NULL',
      declared({ select: `select nullif(number, 2) as id, title from tracks` }),
      /^source\.id: id null in .* is not an integer: make it one, or exclude/,
    ],
    [
      'ids of 10 kB',
      declared({ select: `select replace('${'x'.repeat(5000)}', 'x', id || id) as id, title from tracks` }),
      /^source\.id: id "a+…" has 10,000 bytes, and an id may have 1,024: name a shorter/,
    ],
    [
      'ids that are twice',
      declared({ select: 'select a.id, b.title from tracks a, tracks b' }),
      /^source\.id: id "[ab]" occurs 2 times/,
    ],
    [
      'broken numbers',
      declared({ select: 'select number * 0.5 as id, title from tracks' }),
      /^source\.id: id 0\.50* in .* is not an integer/,
    ],
  ])('refuses %s, and changes nothing', async (_, rows, sentence) => {
    const url = await site.make(TABLE);
    await using(url, rows, textIds, async (catalog) => {
      const fault = await catalog.inspect().catch((error) => error);
      expect(fault).toMatchObject({ name: 'Fault', kind: 'usage', message: expect.stringMatching(sentence) });
    });
    await using(url, declared({ table: 'tracks' }), textIds, async (catalog) =>
      expect(await catalog.count()).toBe(2),
    );
  });

  it('lists the fields that are not there, and reads nothing without them', async () => {
    const url = await site.make(TABLE);
    const rows = declared({ table: 'tracks' }, { fields: ['title', 'mood'] });
    await using(url, rows, textIds, async (catalog) => {
      expect(await catalog.missingColumns()).toEqual(['mood']);
      expect(await catalog.survey()).toMatchObject({ samples: 2, filled: { title: 2, mood: null } });
      await expect(catalog.readPage({ after: null, limit: 9 })).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringMatching(/no column mood/),
      });
    });
  });

  it('says that a column has gone in the middle of a run, and that a number is of another store', async () => {
    const url = await site.make(TABLE);
    await using(url, declared({ table: 'tracks' }), textIds, async (catalog) => {
      expect(await catalog.readPage({ after: null, limit: 9 })).toHaveLength(2);
      await expect(catalog.readPage({ after: 999_999, limit: 9 })).rejects.toMatchObject({ kind: 'blocked' });
      await site.execute(url, 'alter table tracks rename column title to heading');
      await expect(catalog.readPage({ after: null, limit: 9 })).rejects.toMatchObject({
        kind: 'blocked',
        message: expect.stringMatching(/has lost title during a run/),
      });
    });
  });
});
