import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDeclared } from '../../src/sources/declared/index.js';
import { Database } from '../../src/sqlite.js';
import { declared, openTextIds, pageThrough, type TestTextIds, upTo, using } from './declared-sites.js';

let directory: string;
let textIds: TestTextIds;
beforeAll(async () => {
  textIds = await openTextIds();
});
afterAll(() => textIds.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sample-embeddings-declared-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function file(name: string, ...statements: string[]): string {
  const path = join(directory, name);
  const db = new Database(path);
  for (const statement of statements) db.exec(statement);
  db.close();
  return path;
}
const loops = (mark: string, from: number, to: number) => [
  'create table loops (path text primary key, title text)',
  ...Array.from(
    { length: to - from + 1 },
    (_, index) => `insert into loops values ('loop ${1000 + from + index}', '${mark} ${from + index}')`,
  ),
];
const LOOPS = declared({ table: 'loops' }, { id: 'path' });

describe('declared rows of SQLite', () => {
  it('are read from the file that is there now, between two pages too', async () => {
    const path = file('catalog.db', ...loops('old', 1, 50));
    await using(path, LOOPS, textIds, async (catalog) => {
      const all = await pageThrough(catalog, 20, (page) => {
        if (page.at(-1)?.textId !== 'loop 1020') return;
        renameSync(file('next.db', ...loops('new', 21, 90)), path);
      });
      expect(all.map(({ title }) => title)).toEqual([
        ...upTo(20).map((n) => `old ${n}`),
        ...upTo(70).map((n) => `new ${n + 20}`),
      ]);
      // A key that the new file lacks still says where to go on.
      expect(await catalog.readPage({ after: all[19]?.id ?? 0, limit: 1 })).toMatchObject([
        { title: 'new 21' },
      ]);
      renameSync(file('less.db', 'create table loops (path text primary key, other text)'), path);
      await expect(catalog.count()).rejects.toMatchObject({
        kind: 'blocked',
        message: expect.stringMatching(/has lost title during a run/),
      });
    });
  });

  it('of a SELECT follow the file as well', async () => {
    const path = file('catalog.db', ...loops('old', 1, 5));
    const rows = declared({ select: 'select path, upper(title) as title from loops' }, { id: 'path' });
    await using(path, rows, textIds, async (catalog) => {
      expect(await catalog.inspect()).toEqual({ dialect: 'sqlite', samples: 5 });
      renameSync(file('next.db', ...loops('new', 1, 7)), path);
      expect((await pageThrough(catalog, 3)).map(({ title }) => title)).toEqual(
        upTo(7).map((n) => `NEW ${n}`),
      );
      renameSync(file('other.db', 'create table others (id integer)'), path);
      await expect(catalog.count()).rejects.toMatchObject({
        name: 'Fault',
        message: expect.stringMatching(/no such table: (main\.)?loops/),
      });
    });
  }, 20_000);

  it.each([
    ['text', `'b'`, `'a'`],
    ['varchar(40)', `'b'`, `'a'`],
    ['uuid', `'0190b9f6-0000-7000-8000-00000000000b'`, `'0190b9f6-0000-7000-8000-00000000000a'`],
    ['', `'b'`, `'a'`],
    ['blob', `'b'`, `'a'`],
  ])('have text ids in a column of type "%s"', async (type, second, first) => {
    const path = file(
      'catalog.db',
      `create table t (id ${type} primary key, title text)`,
      `insert into t values (${second}, 'two'), (${first}, 'one')`,
    );
    await using(path, declared({ table: 't' }), textIds, async (catalog) => {
      await catalog.inspect();
      expect((await pageThrough(catalog, 1)).map(({ title, textId }) => [title, `'${textId}'`])).toEqual([
        ['one', first],
        ['two', second],
      ]);
    });
  });

  it.each(['integer', 'int', 'bigint', 'numeric', ''])(
    'have integer ids in a column of type "%s"',
    async (type) => {
      const path = file(
        'catalog.db',
        `create table t (id ${type} unique, title text)`,
        `insert into t values (12, 'two'), (3, 'one')`,
      );
      await using(path, declared({ table: 't' }), textIds, async (catalog) => {
        await catalog.inspect();
        expect(await pageThrough(catalog, 1)).toEqual([
          { id: 3, title: 'one' },
          { id: 12, title: 'two' },
        ]);
      });
    },
  );

  it.each([
    ['NULL', 'null', /^source\.id: t\.id is NULL in some row/],
    ['bytes', `x'0102'`, /^source\.id: t\.id of bytes is not text, unlike other ids/],
    [
      'a number',
      '5',
      /^source\.id: t\.id (5 is not text, unlike other ids|".+" in .* is text, not an integer: make it)/,
    ],
    ['a NUL', `'a' || char(0) || 'b'`, /^source\.id: t\.id "a\\u0000b" holds a NUL character/],
    [
      'broken bytes',
      `cast(x'ff61' as text)`,
      /^source\.id: t\.id ".+a" holds bytes that are no UTF-8: write it anew/,
    ],
    ['a stray byte', `cast(x'61a0' as text)`, /holds bytes that are no UTF-8/],
    [
      '1,025 bytes',
      `printf('%.*c', 1025, 'x')`,
      /^source\.id: t\.id "x{40}…" has 1,025 bytes, and an id may have 1,024/,
    ],
  ])('are refused with an id that is %s, and read without it', async (_, value, sentence) => {
    const path = file(
      'catalog.db',
      'create table t (id unique, title text)',
      `insert into t values ('é', 'one'), ('日本', 'two'), (printf('%.*c', 1024, 'y'), 'three')`,
      `insert into t values (${value}, 'bad')`,
    );
    await using(path, declared({ table: 't' }), textIds, async (catalog) => {
      await expect(catalog.inspect()).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringMatching(sentence),
      });
      await expect(catalog.readPage({ after: null, limit: 9 })).rejects.toMatchObject({ kind: 'usage' });
    });
    const rows = declared({ select: `select id, title from t where title <> 'bad'` });
    await using(path, rows, textIds, async (catalog) => {
      expect((await catalog.inspect()).samples).toBe(3);
      expect(await pageThrough(catalog, 2)).toHaveLength(3);
    });
  });

  it('refuse integer ids beyond what JavaScript counts, and text among them', async () => {
    for (const [value, sentence] of [
      ['9007199254740993', /^source\.id: t\.id 9007199254740993 in .* not an integer within/],
      [`'x'`, /^source\.id: t\.id "x" in .* is text, not an integer/],
      [
        '1.5',
        /^source\.id: t\.id 1\.5 in .* is not an integer: make it one, or exclude such rows with a SELECT$/,
      ],
    ] as const) {
      const path = file(
        `catalog ${value}.db`,
        'create table t (id numeric unique, title text)',
        `insert into t values (1, 'a'), (${value}, 'b')`,
      );
      await using(path, declared({ table: 't' }), textIds, async (catalog) => {
        await expect(catalog.inspect()).rejects.toMatchObject({
          kind: 'usage',
          message: expect.stringMatching(sentence),
        });
      });
    }
  });

  it('take names of columns in any case, and refuse a file that is not there', async () => {
    const path = file(
      'catalog.db',
      'create table Tracks (Id integer primary key, Title text)',
      `insert into Tracks values (1, 'One')`,
    );
    await using(path, declared({ table: 'tracks' }), textIds, async (catalog) => {
      await catalog.inspect();
      expect(await catalog.readIds([1])).toEqual([{ id: 1, title: 'One' }]);
      expect(await catalog.findIds({ where: [{ field: 'TITLE', is: 'one' }] })).toEqual([1]);
    });
    await expect(openDeclared(join(directory, 'none.db'), LOOPS, textIds)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/^source\.url: no SQLite database at /),
    });
  });

  it('have the same numbers for many readers at once', async () => {
    const path = file('catalog.db', ...loops('old', 1, 200));
    await using(path, LOOPS, textIds, async (catalog) => {
      const all = await Promise.all(upTo(8).map(() => pageThrough(catalog, 30)));
      for (const rows of all) expect(rows.map(({ id }) => id)).toEqual(all[0]?.map(({ id }) => id));
      expect(all[0]).toHaveLength(200);
    });
  });
});
