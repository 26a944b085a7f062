import { chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Catalog, openCatalog } from '../../src/sources/index.js';
import { makeAuthority } from '../hosting/tls/certificates.js';
import { postgresQuery, startPostgres, type TestPostgres } from '../support/postgres.js';
import { SCHEMA } from './sites.js';

let server: TestPostgres;
let url: string;
beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase('library');
  await postgresQuery(
    url,
    [
      ...SCHEMA,
      `insert into samples (id, title) select n, 'Sample ' || n from generate_series(1, 1000) n`,
    ].join(';'),
  );
}, 60_000);
afterAll(() => server.stop());

async function using<T>(target: string, run: (catalog: Catalog) => Promise<T>): Promise<T> {
  const catalog = await openCatalog(target);
  try {
    return await run(catalog);
  } finally {
    await catalog.close();
  }
}
const faultOf = (target: string) => using(target, (catalog) => catalog.inspect().catch((error) => error));

describe('a PostgreSQL catalog', () => {
  it('is found under the forms that SQLAlchemy writes', async () => {
    const inspected = { dialect: 'postgres', samples: 1000 };
    for (const driver of ['', '+psycopg2', '+asyncpg']) {
      const target = url.replace('postgresql://', `postgresql${driver}://`);
      expect(await using(target, (catalog) => catalog.inspect())).toEqual(inspected);
    }
  });

  it('names host and port, not the password, when nothing answers', async () => {
    const fault = await faultOf('postgresql://u:hunter2@localhost:1/library');
    expect(fault).toMatchObject({ kind: 'usage' });
    expect(fault.message).toMatch(
      /^DATABASE_URL: cannot read PostgreSQL at localhost:1\/library: .*ECONNREFUSED/,
    );
    expect(fault.message).not.toContain('hunter2');
  });

  it.each([
    [
      'a wrong password',
      (good: string) => good.replace('p%40ss', 'hunter2'),
      'password authentication failed',
    ],
    [
      'a wrong database',
      (good: string) => good.replace('library', 'nowhere'),
      'database "nowhere" does not exist',
    ],
  ])('names %s, in inspect and in a read', async (_, spoil, reason) => {
    const fault = await faultOf(spoil(url));
    expect(fault).toMatchObject({ kind: 'usage', message: expect.stringContaining(reason) });
    expect(fault.message).toContain(`DATABASE_URL: PostgreSQL at 127.0.0.1:${server.port}/`);
    expect(fault.message).not.toContain('hunter2');
    await using(spoil(url), async (catalog) => {
      await expect(catalog.readIds([1])).rejects.toMatchObject({ kind: 'usage' });
    });
  });

  it.each([
    ['?schema=lib'],
    ['?schema=lib&pgbouncer=true'],
    ['?currentSchema=lib'],
    ['?search_path=nowhere,lib'],
    ['?options=-c%20search_path%3Dlib'],
    ['?options=--search_path%3Dlib'],
  ])('reads the tables of the schema that %s names', async (query) => {
    await postgresQuery(
      url,
      `create schema if not exists lib; create table if not exists lib.samples (id int primary key, title text, genre text);
       create table if not exists lib.vibe_analyses (sample_id int);
       insert into lib.samples values (7, 'In lib', 'house') on conflict do nothing`,
    );
    await using(`${url}${query}`, async (catalog) => {
      expect(await catalog.inspect()).toEqual({ dialect: 'postgres', samples: 1 });
      expect(await catalog.readIds([7])).toEqual([{ id: 7, title: 'In lib', genre: 'house' }]);
      expect(await catalog.readPage({ after: null, limit: 5 })).toHaveLength(1);
      expect([...(await catalog.whichExist([1, 7]))]).toEqual([7]);
      expect(await catalog.findIds({ genre: 'house' })).toEqual([7]);
      expect(await catalog.count()).toBe(1);
      expect(await catalog.survey()).toMatchObject({ samples: 1, filled: { 'samples.genre': 1 } });
    });
  });

  it('reads names of schemas as they are written', async () => {
    const target = await server.createDatabase('names');
    await postgresQuery(
      target,
      `create schema "My ""odd"".Schema"; create table "My ""odd"".Schema".samples (id int primary key, title text);
       create table public.samples (id int primary key, title text);
       insert into "My ""odd"".Schema".samples values (1, 'odd'), (2, 'odd')`,
    );
    await using(`${target}?schema=${encodeURIComponent('My "odd".Schema')}`, async (catalog) => {
      expect((await catalog.inspect()).samples).toBe(2);
    });
    const fault = await faultOf(`${target}?schema=elsewhere`);
    expect(fault.message).toMatch(/has no table samples; there is one in schema .*public: add \?schema=/);
  });

  it('says that a table may not be read', async () => {
    await postgresQuery(url, `create role guest login password 'g'`);
    const fault = await faultOf(url.replace('postgres:p%40ss%2Fword', 'guest:g'));
    expect(fault).toMatchObject({
      name: 'Fault',
      message: expect.stringContaining('permission denied for table'),
    });
  });

  it('joins ids that are text in one of the tables, and takes a domain for what it is made of', async () => {
    const target = await server.createDatabase('mixed');
    await postgresQuery(
      target,
      `create domain positive as int check (value > 0); create domain sample_id as positive;
       create table samples (id sample_id primary key, title text);
       create table vibe_analyses (sample_id varchar(20), mood_primary text);
       insert into samples values (1, 'One'), (12, 'Twelve');
       insert into vibe_analyses values ('12', 'dark'), ('x', 'none')`,
    );
    await using(target, async (catalog) => {
      expect(await catalog.inspect()).toEqual({ dialect: 'postgres', samples: 2 });
      expect(await catalog.readPage({ after: null, limit: 5 })).toMatchObject([
        { id: 1, mood_primary: null },
        { id: 12, mood_primary: 'dark' },
      ]);
      expect(await catalog.findIds({ mood: 'dark' })).toEqual([12]);
      expect(await catalog.survey()).toMatchObject({ samples: 2, analyses: 1 });
    });
  });

  it('says that ids are text', async () => {
    const target = await server.createDatabase('text_ids');
    await postgresQuery(target, `create table samples (id uuid primary key, title text)`);
    expect((await faultOf(target)).message).toMatch(
      /samples\.id in PostgreSQL .* is uuid, not an integer column.*embeddings init --table samples/,
    );
  });

  it('reads arrays of types that the driver does not know', async () => {
    const target = await server.createDatabase('arrays');
    await postgresQuery(
      target,
      `create type mood as enum ('dark', 'very calm'); create domain tag as text; create domain tags as text[];
       create table samples (id int primary key, title text, genre mood, tags tag[]);
       create table vibe_analyses (sample_id int, texture_tags mood[], mood_primary mood);
       insert into samples values (1, 'One', 'dark', array['a,b', 'c"d']::tag[]), (2, 'Two', null, null);
       insert into vibe_analyses values (1, array['dark', 'very calm']::mood[], 'very calm')`,
    );
    await using(target, async (catalog) => {
      const [first, second] = await catalog.readIds([1, 2]);
      expect(first).toEqual({
        id: 1,
        title: 'One',
        genre: 'dark',
        tags: ['a,b', 'c"d'],
        mood_primary: 'very calm',
        texture_tags: ['dark', 'very calm'],
      });
      expect(second).toMatchObject({ tags: null, texture_tags: null });
    });
  });

  it('reads json, jsonb, arrays, numeric, bytea and integer ids as they are', async () => {
    const target = await server.createDatabase('types');
    await postgresQuery(
      target,
      `create table samples (id int primary key, title bytea, bpm numeric, genre int, tags text[]);
       create table vibe_analyses (id bigint, sample_id int unique, energy_level real, texture_tags jsonb, characteristics json);
       insert into samples values (1, '\\xff00', 'NaN', 5, '{a,b}'), (2, 'x', 92.5, null, null);
       insert into vibe_analyses values (1, 1, 'Infinity', '["a"]', '{"raw_analysis": "a\\u0000b"}'), (2, 2, 0.5, '"text"', 'null')`,
    );
    await using(target, async (catalog) => {
      await catalog.inspect();
      const ranges = [{ from: 1, to: 9_000_000_000_000 }];
      const [first, second] = await catalog.readPage({ after: null, limit: 9, ranges });
      expect(first).toMatchObject({ id: 1, bpm: Number.NaN, genre: 5, tags: ['a', 'b'] });
      expect(first).toMatchObject({ energy_level: Number.POSITIVE_INFINITY, texture_tags: '["a"]' });
      expect(first?.characteristics).toBe('{"raw_analysis": "a\\u0000b"}');
      expect(second).toMatchObject({ bpm: 92.5, energy_level: 0.5, texture_tags: '"text"' });
    });
  });

  describe('with row-level security', () => {
    let target: string;
    const reader = () => target.replace('postgres:p%40ss%2Fword', 'reader:r');
    beforeAll(async () => {
      target = await server.createDatabase('guarded');
      await postgresQuery(
        target,
        [
          ...SCHEMA,
          `insert into samples (id, title) select n, 'Sample ' || n from generate_series(1, 60) n`,
          `insert into vibe_analyses (id, sample_id, mood_primary) select n, n, 'dark' from generate_series(1, 60) n`,
          `create role reader login password 'r'`,
          'grant select on all tables in schema public to reader',
        ].join(';'),
      );
    });

    it.each([
      [[], [], 60],
      [['alter table vibe_analyses enable row level security'], ['vibe_analyses'], 60],
      [
        [
          'alter table samples enable row level security',
          'create policy part on samples for select using (id <= 20)',
        ],
        ['samples', 'vibe_analyses'],
        20,
      ],
    ])('%j: says which tables it hides rows of: %j', async (statements, hidden, samples) => {
      for (const statement of statements) await postgresQuery(target, statement);
      await using(reader(), async (catalog) => {
        expect(await catalog.inspect()).toEqual({ dialect: 'postgres', samples });
        expect(await catalog.hiddenTables()).toEqual(hidden);
        expect(await catalog.survey()).toMatchObject({ samples, hidden });
      });
      await using(target, async (catalog) => expect(await catalog.hiddenTables()).toEqual([]));
    });

    it('sees it through a view that asks as its reader', async () => {
      await postgresQuery(
        target,
        `create schema seen; create view seen.samples with (security_invoker) as select * from public.samples;
         grant usage on schema seen to reader; grant select on seen.samples to reader`,
      );
      await using(`${reader()}?schema=seen`, async (catalog) =>
        expect(await catalog.hiddenTables()).toEqual(['samples']),
      );
    });

    it('does not take a catalog of which it hides every row for an empty one', async () => {
      await postgresQuery(target, 'drop policy part on samples');
      expect(await faultOf(reader())).toMatchObject({
        kind: 'usage',
        message: expect.stringContaining('row-level security hides every row of samples'),
      });
    });
  });

  it('goes on after a restart of the server, in the middle of a run', async () => {
    await using(url, async (catalog) => {
      await catalog.inspect();
      const read = () => catalog.readPage({ after: null, limit: 1000 });
      await Promise.all([read(), read(), read(), read()]);
      const busy = Array.from({ length: 40 }, () => read().catch((error) => error));
      await server.restart(async () => {
        const error = await read().catch((e) => e);
        expect(error).toBeInstanceOf(Error);
        expect(error.name).toBe('Error');
        expect(error.message).toContain(`PostgreSQL at 127.0.0.1:${server.port}/library`);
      });
      for (const outcome of await Promise.all(busy)) {
        expect(Array.isArray(outcome) || outcome.name === 'Error').toBe(true);
      }
      expect((await read()).length).toBe(1000);
    });
  }, 30_000);

  it('is read by TLS where the server offers it, unless the URL says otherwise', async () => {
    const overTls = (target: string) =>
      using(target, async (catalog) => {
        await catalog.inspect();
        const rows = await postgresQuery<{ ssl: boolean }>(
          url,
          `select distinct ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'sample-embeddings'`,
        );
        return rows.map(({ ssl }) => ssl);
      });
    expect(await overTls(url)).toEqual([false]);
    await expect(overTls(`${url}?sslmode=require`)).rejects.toThrow(/does not support SSL/);

    const [{ data_directory: data = '' } = {}] = await postgresQuery<{ data_directory: string }>(
      url,
      'show data_directory',
    );
    const folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-pg-tls-'));
    try {
      const { cert, key } = makeAuthority(folder, 'catalog').issue('server');
      const { uid, gid } = statSync(data);
      for (const file of [folder, cert, key]) chownSync(file, uid, gid);
      for (const [name, value] of [
        ['ssl_cert_file', cert],
        ['ssl_key_file', key],
        ['ssl', 'on'],
      ])
        await postgresQuery(url, `alter system set ${name} = '${value}'`);
      await postgresQuery(url, 'select pg_reload_conf()');
      for (const query of ['', '?sslmode=prefer', '?sslmode=require'])
        expect(await overTls(`${url}${query}`)).toEqual([true]);
      expect(await overTls(`${url}?sslmode=disable`)).toEqual([false]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes a backend killed under a query for something that passes', async () => {
    await using(url, async (catalog) => {
      await catalog.count();
      const others = `pid <> pg_backend_pid() and application_name = 'sample-embeddings'`;
      const [killed] = await postgresQuery<{ n: number }>(
        url,
        `select count(pg_terminate_backend(pid))::int as n from pg_stat_activity where ${others}`,
      );
      expect(killed?.n).toBeGreaterThan(0);
      const outcome = await catalog.count().catch((error) => error.name);
      expect([1000, 'Error']).toContain(outcome);
      expect(await catalog.count()).toBe(1000);
    });
  });
});
