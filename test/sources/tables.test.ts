import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listTables } from '../../src/sources/tables.js';
import { postgresQuery } from '../support/postgres.js';
import { postgresSite, type Site, sqliteSite } from './sites.js';

const TABLES = [
  'create table sounds (uuid text primary key, name text not null, bpm real)',
  'create table pairs (one integer, other integer, primary key (one, other))',
  `create view loud as select uuid, name from sounds`,
  'create table "a.b" (id integer primary key)',
];

describe.each([
  ['SQLite', sqliteSite],
  ['PostgreSQL', postgresSite],
] as const)('tables of %s', (dialect, open) => {
  let site: Site;
  beforeAll(async () => {
    site = await open();
  }, 60_000);
  afterAll(() => site?.close());

  it('are listed with their columns and a key of one column', async () => {
    const url = await site.make(TABLES);
    expect(await listTables(url)).toEqual([
      {
        name: '"a.b"',
        columns: [{ name: 'id', type: 'integer', array: false }],
        key: 'id',
      },
      {
        name: 'loud',
        columns: ['uuid', 'name'].map((name) => ({ name, type: 'text', array: false })),
        key: null,
      },
      {
        name: 'pairs',
        columns: ['one', 'other'].map((name) => ({ name, type: 'integer', array: false })),
        key: null,
      },
      {
        name: 'sounds',
        columns: [
          { name: 'uuid', type: 'text', array: false },
          { name: 'name', type: 'text', array: false },
          { name: 'bpm', type: 'real', array: false },
        ],
        key: 'uuid',
      },
    ]);
  });

  it(`are named as they must be where they ${dialect === 'SQLite' ? 'keep tables of their own' : 'are in another schema'}`, async () => {
    if (dialect === 'SQLite') {
      const url = await site.make([
        'create virtual table words using fts5(text)',
        'create table gone (id integer)',
        'create view broken as select id from gone',
        'drop table gone',
      ]);
      expect((await listTables(url)).map(({ name }) => name)).toEqual(['words']);
      return;
    }
    const url = await site.make(['create schema lib', 'create table lib.sounds (id int, tags text[])']);
    expect(await listTables(url)).toMatchObject([
      { name: 'lib.sounds', columns: [{ name: 'id' }, { name: 'tags', array: true }], key: null },
    ]);
    await postgresQuery(url, 'drop schema lib cascade');
    expect(await listTables(url)).toEqual([]);
  });
});
