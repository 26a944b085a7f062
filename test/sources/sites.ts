import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Database } from '../../src/sqlite.js';
import { postgresQuery, startPostgres } from '../support/postgres.js';

export type Row = Record<string, unknown>;

/** A place where catalogs can be made: the same tests run in both. */
export interface Site {
  /** A catalog made by these statements and rows; gives its DATABASE_URL. */
  make(statements: string[], rows?: { samples?: Row[]; vibe_analyses?: Row[] }): Promise<string>;
  execute(url: string, statement: string): Promise<void>;
  close(): Promise<void>;
}

export const SCHEMA = [
  `create table samples (id bigint primary key, title varchar not null, genre varchar, bpm double precision,
    musical_key varchar, tags json, file_path varchar)`,
  `create table vibe_analyses (id integer primary key, sample_id bigint unique references samples (id),
    mood_primary varchar not null, mood_secondary varchar, energy_level double precision, texture_tags json,
    characteristics json, danceability double precision)`,
];

export async function sqliteSite(): Promise<Site> {
  const directory = await mkdtemp(join(tmpdir(), 'sample-embeddings-catalog-'));
  let made = 0;
  const open = (url: string) => new Database(url.replace('sqlite:///', ''));
  return {
    async make(statements, rows = {}) {
      const url = `sqlite:///${join(directory, `catalog-${++made}.db`)}`;
      const db = open(url);
      for (const statement of statements) db.exec(statement);
      db.transaction(() => {
        for (const [table, some] of Object.entries(rows)) {
          for (const row of some) {
            const columns = Object.keys(row);
            db.prepare(`insert into ${table} (${columns}) values (${columns.map(() => '?')})`).run(
              Object.values(row),
            );
          }
        }
      })();
      db.close();
      return url;
    },
    async execute(url, statement) {
      const db = open(url);
      db.exec(statement);
      db.close();
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

export async function postgresSite(): Promise<Site> {
  const server = await startPostgres();
  let made = 0;
  return {
    async make(statements, rows = {}) {
      const url = await server.createDatabase(`catalog_${++made}`);
      await postgresQuery(url, statements.join(';\n'));
      for (const [table, some] of Object.entries(rows)) {
        if (some.length > 0) await insert(url, table, some);
      }
      return url;
    },
    async execute(url, statement) {
      await postgresQuery(url, statement);
    },
    close: () => server.stop(),
  };
}

/** Many rows a statement, each value cast to the type of its column. */
async function insert(url: string, table: string, rows: Row[]) {
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const list = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
  const texts = rows.map((row) => columns.map((column) => (row[column] === undefined ? null : row[column])));
  const types = await postgresQuery<{ name: string; type: string }>(
    url,
    'select attname as name, format_type(atttypid, null) as type from pg_attribute where attrelid = to_regclass($1)',
    [table],
  );
  const typeOf = (column: string) => types.find(({ name }) => name === column)?.type ?? 'text';
  for (let start = 0; start < texts.length; start += 500) {
    const some = texts.slice(start, start + 500);
    const values = some.map(
      (row, r) => `(${row.map((_, c) => `$${r * columns.length + c + 1}::${typeOf(columns[c] ?? '')}`)})`,
    );
    await postgresQuery(
      url,
      `insert into ${pg.escapeIdentifier(table)} (${list}) values ${values}`,
      some.flat(),
    );
  }
}
