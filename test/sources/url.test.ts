import { homedir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { parseCatalogUrl } from '../../src/sources/url.js';

const asPgReadsIt = (value: string) => {
  const target = parseCatalogUrl(value);
  if (target.dialect !== 'postgres') throw new Error('not PostgreSQL');
  const { user, password, host, port, database } = new pg.Client({ connectionString: target.url });
  return { user, password, host, port, database };
};

describe('parseCatalogUrl', () => {
  it.each([
    ['sqlite:///relative.db', 'relative.db'],
    ['sqlite:///dir/relative.db', 'dir/relative.db'],
    ['sqlite:////abs/path.db', '/abs/path.db'],
    ['sqlite+aiosqlite:///x.db', 'x.db'],
    ['sqlite+pysqlite:////x.db?timeout=5', '/x.db'],
    ['sqlite:///file:x%20y.db?mode=ro&uri=true', 'x y.db'],
    ['sqlite:///100%25.db', '100%25.db'],
    ['samples.db', 'samples.db'],
    ['/data/my samples.db', '/data/my samples.db'],
    ['C:\\samples.db', 'C:\\samples.db'],
    ['C:\\me@home\\samples.db', 'C:\\me@home\\samples.db'],
    ['/srv/me@home/samples.db', '/srv/me@home/samples.db'],
    ['../my samples (1)/keys = all.db', '../my samples (1)/keys = all.db'],
    ['file:x.db', 'x.db'],
    ['file:///abs/a%20b.db?mode=ro', '/abs/a b.db'],
    ['file:/abs/x.db', '/abs/x.db'],
    ['  samples.db\r\n', 'samples.db'],
    ['~/Samples', join(homedir(), 'Samples')],
  ])('reads %j as the SQLite file %j', (value, path) => {
    expect(parseCatalogUrl(value)).toEqual({ dialect: 'sqlite', path });
  });

  const whole = { user: 'u', password: 'p', host: 'h', port: 5433, database: 'd' };
  it.each([
    ['postgres://u:p@h:5433/d', whole],
    ['postgresql://u:p@h:5433/d', whole],
    ['postgresql+psycopg2://u:p@h:5433/d', whole],
    ['postgresql+asyncpg://u:p@h:5433/d', whole],
    ['postgresql://u:p@[::1]:5433/d', { ...whole, host: '::1' }],
    ['postgresql://u:p%40s%2Fs%3A%23@h:5433/d', { ...whole, password: 'p@s/s:#' }],
    ['postgresql://u:p@ss@h:5433/d', { ...whole, password: 'p@ss' }],
    ['postgresql://u:a/b#c@h:5433/d', { ...whole, password: 'a/b#c' }],
    ['postgresql://u:100%@h:5433/d', { ...whole, password: '100%' }],
    ['postgresql://u:gr%C3%BCn+1@h:5433/d', { ...whole, password: 'grün+1' }],
    ['postgresql://u:p@h:5433/d?application_name=a@b', whole],
    ['postgresql://u:p@:5433/d', { ...whole, host: 'localhost' }],
    ['postgresql://u:p@x/d?host=h&port=5433', whole],
  ])('reads %j', (value, parts) => {
    expect(asPgReadsIt(value)).toEqual(expect.objectContaining(parts));
  });

  const postgresOf = (value: string) => {
    const target = parseCatalogUrl(value);
    if (target.dialect !== 'postgres') throw new Error('not PostgreSQL');
    return { ...target, parameters: new URL(target.url).searchParams };
  };

  it.each([
    ['schema=Music', ['Music']],
    ['schema=music&pgbouncer=true&connection_limit=1', ['music']],
    ['currentSchema=music,public', ['music', 'public']],
    ['search_path=%22My%20Schema%22,%20Public', ['My Schema', 'public']],
    ['search_path=%22$user%22,public', ['$user', 'public']],
    ['options=-c%20search_path%3Dmusic', ['music']],
    ['options=-csearch_path=music', ['music']],
    ['options=--search_path%3Dmusic', ['music']],
    ['options=--search-path%3Dmusic', ['music']],
    ['options=-c%20search_path%3Dmusic,%5C%20public', ['music', 'public']],
    ['options=-c+search_path=music&schema=music', ['music']],
    ['application_name=x', null],
    ['schema=', null],
  ])('reads the schemas that %s names, and tells no connection of them', (query, schemas) => {
    const { schemas: found, parameters } = postgresOf(`postgresql://h/d?${query}`);
    expect(found).toEqual(schemas);
    expect([...parameters.keys()].filter((name) => name !== 'application_name')).toEqual([]);
  });

  it('keeps the other options of a connection', () => {
    const { parameters, schemas } = postgresOf(
      'postgresql://h/d?options=-c%20statement_timeout%3D5s%20-c%20search_path%3Dlib%20endpoint%3Dep-1',
    );
    expect(schemas).toEqual(['lib']);
    expect(parameters.get('options')).toBe('-c statement_timeout=5s endpoint=ep-1');
  });

  it.each([
    ['scheme=music', '"scheme"'],
    ['sslaccept=strict', '"sslaccept"'],
    ['schema=a&search_path=b', 'schema and search_path'],
    ['search_path=%22a', 'search_path is not a list of schemas'],
    ['sslmode=maybe', 'sslmode must be disable'],
  ])('refuses %s by name', (query, words) => {
    expect(() => parseCatalogUrl(`postgresql://u:hunter2@h/d?${query}`)).toThrow(words);
    expect(() => parseCatalogUrl(`postgresql://u:hunter2@h/d?${query}`)).not.toThrow('hunter2');
  });

  it.each([
    ['postgresql://h/d?sslmode=require', { rejectUnauthorized: false }],
    ['postgresql+asyncpg://h/d?ssl=require', { rejectUnauthorized: false }],
    ['postgresql://h/d?ssl=true', { rejectUnauthorized: false }],
    ['postgresql://h/d?sslmode=verify-full', {}],
    ['postgresql://h/d?sslmode=disable', false],
  ])('gives sslmode the meaning it has in libpq: %s', (value, ssl) => {
    const { url, preferTls } = postgresOf(value);
    expect(preferTls).toBe(false);
    const client = new pg.Client({ connectionString: url }) as unknown as { ssl: unknown };
    expect(client.ssl).toEqual(ssl);
  });

  it.each(['', '?sslmode=prefer', '?sslmode=allow', '?ssl=prefer'])(
    '%j is TLS where it is offered',
    (query) => {
      expect(postgresOf(`postgresql://h/d${query}`)).toMatchObject({ preferTls: true });
    },
  );

  it.each([
    '',
    'mysql://root:hunter2@h/d',
    'postgres://u:hunter2@h:port/d',
    'postgres://u:hunter2@h:70000/d',
    'postgres://u:hunter2@a,b/d',
    'postgres:u:hunter2@h/d',
    'postgres//u:hunter2@h/d',
    'postgresql//h/d',
    'postgres;//u:hunter2@h/d',
    'u:hunter2@h:5432/d',
    '//u:hunter2@h/d',
    'DATABASE_URL=postgres://u:hunter2@h/d',
    'psql postgres://u:hunter2@h/d',
    'host=h user=u password=hunter2 dbname=d',
    'Host=h;Username=u;Password=hunter2',
    'jdbc:postgresql://h/d?user=u&password=hunter2',
    'mongodb+srv://u:hunter2@h/d?password=hunter2',
    'https://h/d?api_key=hunter2',
    'sqlite://relative.db',
    'sqlite://',
    'sqlite:///:memory:',
    'sqlite:relative.db',
    ':memory:',
    'file:',
    'file://host/x.db',
  ])('refuses %j with the right forms and without its password', (value) => {
    const fault = (() => {
      try {
        return parseCatalogUrl(value);
      } catch (error) {
        return error;
      }
    })();
    expect(fault).toMatchObject({ name: 'Fault', kind: 'usage' });
    expect(String(fault)).toMatch(/DATABASE_URL .*postgresql:\/\/.*sqlite:\/\/\/relative\.db/);
    expect(String(fault)).not.toContain('hunter2');
  });
});
