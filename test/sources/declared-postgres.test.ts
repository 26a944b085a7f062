import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresQuery, startPostgres, type TestPostgres } from '../support/postgres.js';
import { declared, openTextIds, pageThrough, type TestTextIds, using } from './declared-sites.js';

let server: TestPostgres;
let textIds: TestTextIds;
beforeAll(async () => {
  server = await startPostgres();
  textIds = await openTextIds();
}, 60_000);
afterAll(async () => {
  await textIds?.close();
  await server?.stop();
});

let made = 0;
async function database(...statements: string[]): Promise<string> {
  const url = await server.createDatabase(`declared_${++made}`);
  await postgresQuery(url, statements.join(';'));
  return url;
}
const as = (url: string, role: string) => url.replace('postgres:p%40ss%2Fword', `${role}:r`);

describe('declared rows of PostgreSQL', () => {
  it('are paged once each by 4,120 UUIDs, while rows come and go', async () => {
    const url = await database(
      'create table sounds (uuid uuid primary key, title text)',
      `insert into sounds select gen_random_uuid(), 'Sound ' || n from generate_series(1, 4120) n`,
    );
    const rows = declared({ table: 'sounds' }, { id: 'uuid' });
    await using(url, rows, textIds, async (catalog) => {
      expect(await catalog.inspect()).toEqual({ dialect: 'postgres', samples: 4120 });
      const inOrder = await postgresQuery<{ uuid: string }>(url, 'select uuid from sounds order by uuid');
      const all = await pageThrough(catalog, 500);
      expect(all.map(({ textId }) => textId)).toEqual(inOrder.map(({ uuid }) => uuid));
      const again = await pageThrough(catalog, 1000);
      expect(again.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
      expect((await catalog.readIds(all.map(({ id }) => id))).length).toBe(4120);

      const deleted = new Set<string>();
      const seen = await pageThrough(catalog, 500, async (page) => {
        const key = String(page.at(-1)?.textId);
        deleted.add(key);
        await postgresQuery(url, 'delete from sounds where uuid = $1', [key]);
        await postgresQuery(
          url,
          `insert into sounds select gen_random_uuid(), 'new' from generate_series(1, 10)`,
        );
      });
      const keys = seen.map(({ textId }) => String(textId));
      expect(new Set(keys).size).toBe(keys.length);
      for (const { uuid } of inOrder) expect(keys).toContain(uuid);
      expect(await catalog.count()).toBe(4120 - deleted.size + 10 * deleted.size);
      const [gone] = seen.filter(({ textId }) => deleted.has(String(textId)));
      expect(await catalog.readIds([gone?.id ?? 0])).toEqual([]);
    });
  });

  it.each([
    ['uuid', `('00000000-0000-0000-0000-00000000000b'), ('A0000000-0000-0000-0000-000000000000')`],
    ['varchar(20)', `('b'), ('a')`],
    ['char(8)', `('b'), ('a')`],
    ['citext', `('b'), ('A')`],
    ['name', `('b'), ('a')`],
    ['file_path', `('b'), ('a')`],
    ['text collate "C"', `('b'), ('B'), ('a')`],
  ])('have ids of %s', async (type, values) => {
    const url = await database(
      'create extension citext',
      'create domain file_path as varchar check (length(value) < 99)',
      `create table sounds (id ${type} primary key, title text default 'T')`,
      `insert into sounds (id) values ${values}`,
    );
    const inOrder = await postgresQuery<{ id: string }>(url, 'select id from sounds order by id');
    await using(url, declared({ table: 'sounds' }), textIds, async (catalog) => {
      expect((await catalog.inspect()).samples).toBe(inOrder.length);
      const all = await pageThrough(catalog, 1);
      expect(all.map(({ textId }) => textId)).toEqual(inOrder.map(({ id }) => id));
      const ids = all.map(({ id }) => id);
      expect((await catalog.readIds(ids)).map(({ id }) => id)).toEqual([...ids].sort((a, b) => a - b));
      expect(await catalog.whichExist(ids)).toEqual(new Set(ids));
      expect(await catalog.count([{ from: Math.min(...ids), to: Math.max(...ids) }])).toBeGreaterThanOrEqual(
        ids.length,
      );
    });
  });

  it('tell an id from the same in other letters, although the column does not', async () => {
    const url = await database(
      'create extension citext',
      'create table sounds (id citext primary key, title text)',
    );
    await postgresQuery(url, `insert into sounds values ('Kick.wav', 'One')`);
    await using(url, declared({ table: 'sounds' }), textIds, async (catalog) => {
      const [one] = await pageThrough(catalog, 10);
      await postgresQuery(url, `update sounds set id = 'kick.WAV'`);
      const [other] = await pageThrough(catalog, 10);
      expect(other?.id).not.toBe(one?.id);
      expect(await catalog.whichExist([one?.id ?? 0, other?.id ?? 0])).toEqual(new Set([other?.id]));
      expect(await catalog.readIds([one?.id ?? 0])).toEqual([]);
    });
  });

  it('are found by schema.table, by quoted names, and by the search path', async () => {
    const url = await database(
      'create schema lib',
      'create table lib.sounds (id int primary key, title text)',
      `insert into lib.sounds values (7, 'In lib')`,
      'create schema "My.Schema"',
      'create table "My.Schema"."Odd.Table" ("The Id" int primary key, "a.b" text)',
      `insert into "My.Schema"."Odd.Table" values (1, 'odd')`,
    );
    const read = (target: string, rows: ReturnType<typeof declared>) =>
      using(target, rows, textIds, async (catalog) => {
        await catalog.inspect();
        return catalog.readPage({ after: null, limit: 5 });
      });
    const inLib = [{ id: 7, title: 'In lib' }];
    expect(await read(url, declared({ table: 'lib.sounds' }))).toEqual(inLib);
    expect(await read(url, declared({ select: 'select * from lib.sounds' }))).toEqual(inLib);
    expect(await read(`${url}?options=-csearch_path%3Dlib`, declared({ table: 'sounds' }))).toEqual(inLib);
    expect(await read(`${url}?schema=lib`, declared({ table: 'sounds' }))).toEqual(inLib);
    const odd = { id: 'The Id', fields: ['a.b'] };
    expect(await read(url, declared({ table: '"My.Schema"."Odd.Table"' }, odd))).toEqual([
      { id: 1, 'a.b': 'odd' },
    ]);
    await expect(read(url, declared({ table: 'sounds' }))).rejects.toThrow(
      /^source\.table: there is no table or view sounds in .*; there is one in schema lib: write lib\.sounds$/,
    );
  });

  it('need rights on the columns that are read, and on no others', async () => {
    const url = await database(
      'create table sounds (id uuid primary key, title text, secret text)',
      `insert into sounds select gen_random_uuid(), 'Sound', 'x' from generate_series(1, 20)`,
      `create role listener login password 'r'`,
      'grant select (id, title) on sounds to listener',
    );
    await using(as(url, 'listener'), declared({ table: 'sounds' }), textIds, async (catalog) => {
      expect((await catalog.inspect()).samples).toBe(20);
      const all = await pageThrough(catalog, 8);
      expect(all).toHaveLength(20);
      expect(await catalog.readIds(all.map(({ id }) => id))).toHaveLength(20);
      expect(await catalog.survey()).toMatchObject({ samples: 20, filled: { title: 20 } });
      expect(await catalog.hiddenTables()).toEqual([]);
      expect(await catalog.findIds({ where: [{ field: 'title', is: 'sound' }] })).toHaveLength(20);
      await expect(catalog.findIds({ where: [{ field: 'secret', is: 'x' }] })).rejects.toMatchObject({
        message: expect.stringMatching(/permission denied .*GRANT SELECT/),
      });
    });
    const more = declared({ table: 'sounds' }, { fields: ['title', 'secret'] });
    await using(as(url, 'listener'), more, textIds, async (catalog) => {
      await expect(catalog.inspect()).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringMatching(/^source\.table: .*permission denied .*GRANT SELECT/),
      });
    });
  });

  it('are only read: what a SELECT or a view calls may not write', async () => {
    const url = await database(
      'create table sounds (id int primary key, title text)',
      `insert into sounds values (1, 'One')`,
      `create function log_it(n int) returns int language sql as $$ insert into sounds values (n + 1000, 'written') returning n $$`,
      'create view logged as select log_it(id) as id, title from sounds',
    );
    for (const rows of [
      declared({ select: 'select log_it(id) as id, title from sounds' }),
      declared({ table: 'logged' }),
      declared({ select: 'with gone as (delete from sounds returning *) select * from gone' }),
    ])
      await using(url, rows, textIds, async (catalog) => {
        await expect(catalog.inspect()).rejects.toMatchObject({
          kind: 'usage',
          message: expect.stringMatching(
            /^source\.(select|table): .*(read-only transaction|data-modifying).*(remove|only reads)/,
          ),
        });
      });
    expect(await postgresQuery(url, 'select id from sounds')).toEqual([{ id: 1 }]);
  });

  it('leave a connection as it was for whoever has it next', async () => {
    const url = await database('create table sounds (id int primary key, title text)');
    await using(url, declared({ table: 'sounds' }), textIds, async (catalog) => {
      for (let n = 0; n < 20; n++)
        await Promise.all(
          Array.from({ length: 8 }, () => catalog.count().then(() => catalog.hiddenTables())),
        );
      const rows = await postgresQuery<{ state: string }>(
        url,
        `select distinct state from pg_stat_activity where application_name = 'sample-embeddings' and datname = current_database()`,
      );
      expect(rows).toEqual([{ state: 'idle' }]);
    });
  });

  it('say what row-level security hides', async () => {
    const url = await database(
      'create table sounds (id int primary key, title text)',
      `insert into sounds select n, 'Sound' from generate_series(1, 20) n`,
      `create role guest login password 'r'`,
      'grant select on sounds to guest',
      'alter table sounds enable row level security',
      'create policy part on sounds for select using (id <= 5)',
    );
    const SELECT = { select: 'select id, title from sounds' };
    for (const [rows, name] of [
      [declared({ table: 'sounds' }), 'table sounds'],
      [declared(SELECT), 'source.select'],
    ] as const) {
      await using(as(url, 'guest'), rows, textIds, async (catalog) => {
        expect((await catalog.inspect()).samples).toBe(5);
        expect(await catalog.hiddenTables()).toEqual([name]);
        expect(await catalog.survey()).toMatchObject({ samples: 5, hidden: [name] });
      });
      await using(url, rows, textIds, async (catalog) => expect(await catalog.hiddenTables()).toEqual([]));
    }
    await postgresQuery(url, 'drop policy part on sounds');
    await using(as(url, 'guest'), declared(SELECT), textIds, async (catalog) => {
      await expect(catalog.inspect()).rejects.toThrow(/^source\.select: row-level security hides every row/);
    });
  });

  it('give arrays, times and types of others as JSON does, the same in each time zone', async () => {
    const url = await database(
      `create type mood as enum ('dark', 'very calm')`,
      'create type span as (low int, high int)',
      `create table sounds (id int primary key, tags text[], moods mood[], mood mood, span span, day date, made timestamp,
         heard timestamptz, length interval, price numeric, facts jsonb, raw json, live boolean, size bigint, bits bytea)`,
      `insert into sounds values (1, '{a,"b,c"}', '{dark,"very calm"}', 'very calm', (1, 2), '2024-02-29', '2024-02-29 10:00',
         '2024-02-29 10:00+02', '90 seconds', 1.50, '{"a": 1}', '[1]', true, 5, '\\xff')`,
      'insert into sounds (id) values (2)',
    );
    const fields = 'tags moods mood span day made heard length price facts raw live size bits'.split(' ');
    for (const zone of ['UTC', 'America/New_York']) {
      await postgresQuery(url, `alter database ${new URL(url).pathname.slice(1)} set timezone = '${zone}'`);
      await using(url, declared({ table: 'sounds' }, { fields }), textIds, async (catalog) => {
        await catalog.inspect();
        const [row, empty] = await catalog.readPage({ after: null, limit: 2 });
        expect(row).toEqual({
          id: 1,
          tags: ['a', 'b,c'],
          moods: ['dark', 'very calm'],
          mood: 'very calm',
          span: { low: 1, high: 2 },
          day: '2024-02-29',
          made: '2024-02-29T10:00:00',
          heard: '2024-02-29T08:00:00',
          length: '00:01:30',
          price: 1.5,
          facts: '{"a": 1}',
          raw: '[1]',
          live: true,
          size: 5,
          bits: Buffer.from([0xff]),
        });
        expect(Object.values(empty ?? {}).filter((value) => value !== null)).toEqual([2]);
        const { filled } = await catalog.survey();
        expect(filled).toEqual(Object.fromEntries(fields.map((field) => [field, 1])));
        for (const field of fields)
          expect(await catalog.findIds({ where: [{ field, is: 'nothing' }] })).toEqual([]);
        expect(await catalog.findIds({ where: [{ field: 'live', is: 'true' }] })).toEqual([1]);
      });
    }
  });

  it('name host and port, not the password, when nothing answers', async () => {
    await using(
      'postgresql://u:hunter2@localhost:1/library',
      declared({ table: 'x' }),
      textIds,
      async (catalog) => {
        const fault = await catalog.inspect().catch((error) => error);
        expect(fault).toMatchObject({ kind: 'usage' });
        expect(fault.message).toMatch(/^source\.url: cannot read PostgreSQL at localhost:1\/library: /);
        expect(fault.message).not.toContain('hunter2');
      },
    );
  });

  it('go on after a restart of the server', async () => {
    const url = await database(
      'create table sounds (id uuid primary key, title text)',
      `insert into sounds select gen_random_uuid(), 'Sound' from generate_series(1, 100)`,
    );
    await using(url, declared({ table: 'sounds' }), textIds, async (catalog) => {
      expect(await pageThrough(catalog, 40)).toHaveLength(100);
      await server.restart(async () => {
        const error = await catalog.count().catch((reason) => reason);
        expect(error).toMatchObject({
          name: 'Error',
          message: expect.stringContaining('PostgreSQL at 127.0.0.1'),
        });
      });
      expect(await pageThrough(catalog, 40)).toHaveLength(100);
    });
  }, 30_000);
});
