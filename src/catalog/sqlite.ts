import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { blockedFault, usageFault } from '../fault.js';
import type { Backend, Tables } from './backend.js';

/** How long a query waits for another process to release its lock, in milliseconds. */
const BUSY_MS = 5000;

/** Opens a SQLite catalog for reading only. Throws a usage Fault when there is no database at that path. */
export async function openSqlite(path: string): Promise<Backend> {
  const { default: open } = await import('better-sqlite3');
  const place = `SQLite at ${path}`;
  const database = openFile(open, path);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
  return {
    dialect: 'sqlite',
    db,
    place,
    async columns(table) {
      const { rows } = await sql<{ name: string; type: string; pk: number }>`
        select name, type, pk from pragma_table_xinfo(${table}) where hidden <> 1`.execute(db);
      if (rows.length === 0) return null;
      const keys = rows.filter((row) => row.pk > 0).length;
      return new Map(rows.map((row) => [row.name.toLowerCase(), columnType(row, keys)]));
    },
    // Only an INTEGER PRIMARY KEY is checked by SQLite itself; any other column takes any value.
    oddId: (type) => (type === 'rowid' ? null : sql<boolean>`typeof(samples.id) <> 'integer'`),
    run: (query) => patiently(query, path),
    async close() {
      await db.destroy();
      // Kysely closes only what it has used.
      database.close();
    },
  };
}

const columnType = ({ type, pk }: { type: string; pk: number }, keys: number): string =>
  pk > 0 && keys === 1 && type.toLowerCase() === 'integer' ? 'rowid' : type.toLowerCase();

function openFile(open: typeof Database, path: string): Database.Database {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw usageFault(`DATABASE_URL: no SQLite database at ${path}`);
  if (stat.isDirectory()) throw usageFault(`DATABASE_URL: no SQLite database at ${path}, it is a directory`);
  try {
    // Short, because it blocks the whole process; the rest of the wait is in patiently().
    return new open(path, { readonly: true, fileMustExist: true, timeout: 50 });
  } catch (error) {
    throw usageFault(`DATABASE_URL: cannot open the SQLite database at ${path}: ${messageOf(error)}`, error);
  }
}

async function patiently<T>(query: () => Promise<T>, path: string): Promise<T> {
  const deadline = Date.now() + BUSY_MS;
  for (;;) {
    try {
      return await query();
    } catch (error) {
      const code = codeOf(error);
      if (!/^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code)) throw explain(error, code, path);
      if (Date.now() >= deadline) {
        throw new Error(`SQLite at ${path}: locked for ${BUSY_MS / 1000} s (${code})`, { cause: error });
      }
      await sleep(50);
    }
  }
}

function explain(error: unknown, code: string, path: string): unknown {
  if (code === 'SQLITE_NOTADB') {
    return usageFault(`DATABASE_URL: the file at ${path} is not a SQLite database`, error);
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return blockedFault(`The SQLite catalog at ${path} is damaged (${messageOf(error)}): restore it`, error);
  }
  // A WAL database needs its -shm file; with none there and a directory that cannot be written, SQLite cannot read.
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY')) {
    return usageFault(
      `DATABASE_URL: the SQLite database at ${path} is in WAL mode and its directory is read-only: make the ` +
        'directory writable, or run "PRAGMA journal_mode=DELETE" on the database once',
      error,
    );
  }
  if (/^no such (table|column)/.test(messageOf(error))) {
    return blockedFault(`The SQLite catalog at ${path} has changed: ${messageOf(error)}`, error);
  }
  return error;
}

const codeOf = (error: unknown): string => String((error as { code?: unknown })?.code ?? '');
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
