import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Catalog, openCatalog } from '../../src/catalog/index.js';
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

  it('follows the search_path of the connection', async () => {
    await postgresQuery(
      url,
      `create schema lib; create table lib.samples (id int primary key, title text);
       create table lib.vibe_analyses (sample_id int); insert into lib.samples values (7, 'In lib')`,
    );
    await using(`${url}?options=-c%20search_path%3Dlib`, async (catalog) => {
      expect(await catalog.inspect()).toEqual({ dialect: 'postgres', samples: 1 });
      expect(await catalog.readIds([7])).toEqual([{ id: 7, title: 'In lib' }]);
    });
  });

  it('says that a table may not be read', async () => {
    await postgresQuery(url, `create role guest login password 'g'`);
    const fault = await faultOf(url.replace('postgres:p%40ss%2Fword', 'guest:g'));
    expect(fault).toMatchObject({
      name: 'Fault',
      message: expect.stringContaining('permission denied for table'),
    });
  });

  it('says that ids of different types do not join', async () => {
    const target = await server.createDatabase('mixed');
    await postgresQuery(
      target,
      'create table samples (id int, title text); create table vibe_analyses (sample_id text)',
    );
    expect(await faultOf(target)).toMatchObject({
      name: 'Fault',
      message: expect.stringContaining('operator'),
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
