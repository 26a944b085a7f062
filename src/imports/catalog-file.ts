import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { blockedFault, Fault } from '../fault.js';
import { tryProcessLock } from '../local/process-lock.js';
import { Database } from '../sqlite.js';
import type { Value } from './types.js';

/** The table of a catalog file; its ids are in the column `id`, as text. */
export const TABLE = 'rows';

export interface CatalogWriter {
  /** Adds a column after `id` and the earlier ones. More may be added between rows. */
  addColumn(name: string): void;
  /** Adds a row, with values in the order of the columns. False: a row with that id exists already. */
  add(id: string, values: readonly Value[]): boolean;
  /** Stores the origin, and replaces the old file atomically. Returns what is new and gone. */
  finish(origin: Origin): Difference;
  /** Deletes the new file. The old one stays unchanged. */
  abandon(): void;
}

/** How a catalog file differs from the one before it. */
export interface Difference {
  /** Number of new ids, and of ids that no longer exist. */
  fresh: number;
  gone: number;
  /** Columns that no longer exist. */
  lostColumns: string[];
}

/** How a catalog file was made, for the next import. */
export interface Origin {
  kind: string;
  /** Absolute path of the file that was read. */
  file: string;
  /** The column of each role, as in ImportPlan. */
  columns: Readonly<Record<string, string>>;
  /** The file's encoding, if a person said it. */
  encoding: string | null;
}

/** Size of SQLite's page cache, in KiB. */
const CACHE_KIB = 64_000;

/**
 * Writes a catalog file beside the existing one, which is read until finish() replaces it. If the process dies before,
 * the old file stays, and the next call removes the unfinished one.
 */
export function writeCatalog(path: string): CatalogWriter {
  const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    removeLeftOver(path);
    closeSync(openSync(beside, 'wx', 0o600));
  } catch (error) {
    throw notWritten(path, error);
  }
  const database = new Database(beside);
  // No other process reads this file, and an unfinished one is deleted: no journal, and no sync before the end.
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma(`cache_size = -${CACHE_KIB}`);
  database.exec(`BEGIN EXCLUSIVE; CREATE TABLE ${TABLE} (id TEXT PRIMARY KEY NOT NULL)`);
  let columns = 0;
  let insert: Database.Statement | null = null;
  const prepared = (): Database.Statement =>
    database.prepare(`INSERT OR IGNORE INTO ${TABLE} VALUES (?${', ?'.repeat(columns)})`);

  return {
    addColumn(name) {
      database.exec(`ALTER TABLE ${TABLE} ADD COLUMN "${name.replaceAll('"', '""')}"`);
      columns += 1;
      insert = null;
    },
    add(id, values) {
      insert ??= prepared();
      return insert.run(id, ...values).changes > 0;
    },
    finish(origin) {
      database.exec('CREATE TABLE origin (kind TEXT, file TEXT, columns TEXT, encoding TEXT)');
      database
        .prepare('INSERT INTO origin VALUES (?, ?, ?, ?)')
        .run(origin.kind, origin.file, JSON.stringify(origin.columns), origin.encoding);
      database.exec('COMMIT');
      const difference = differenceTo(database, path);
      database.close();
      sync(beside);
      renameSync(beside, path);
      sync(dirname(path));
      return difference;
    },
    abandon() {
      database.close();
      rmSync(beside, { force: true });
    },
  };
}

/** Turns an error of writing a catalog file into a Fault with the cure. Returns other errors unchanged. */
export function notWritten(path: string, error: unknown): unknown {
  const { code = '', message } = error as Error & { code?: string };
  if (error instanceof Fault || !/^(?:SQLITE_|E[A-Z]+$)/.test(code)) return error;
  return blockedFault(
    /^(?:SQLITE_FULL|ENOSPC|EDQUOT)$/.test(code)
      ? `The catalog file ${path} cannot be written, as its disk is full: make room, then run the command again`
      : `The catalog file ${path} cannot be written (${message}): let this user write into its folder, or run the command in another one`,
    error,
  );
}

/** Returns how the catalog file at a path was made. Null: there is none, or another program made it. */
export function readOrigin(path: string): Origin | null {
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
    try {
      const row = database
        .prepare<[], { kind: string; file: string; columns: string; encoding?: string | null }>(
          'SELECT * FROM origin',
        )
        .get();
      if (row === undefined) return null;
      // Files of earlier versions have no encoding.
      return {
        ...row,
        columns: JSON.parse(row.columns) as Origin['columns'],
        encoding: row.encoding ?? null,
      };
    } finally {
      database.close();
    }
  } catch {
    return null;
  }
}

function differenceTo(database: Database.Database, old: string): Difference {
  const all = (sql: string): unknown[] => database.prepare(sql).pluck().all();
  const count = (from: string): number => Number(all(`SELECT count(*) FROM ${from}`)[0]);
  if (readOrigin(old) === null) return { fresh: count(TABLE), gone: 0, lostColumns: [] };
  database.prepare('ATTACH ? AS before').run(old);
  return {
    fresh: count(`${TABLE} WHERE id NOT IN (SELECT id FROM before.${TABLE})`),
    gone: count(`before.${TABLE} WHERE id NOT IN (SELECT id FROM main.${TABLE})`),
    lostColumns: all(`SELECT name FROM pragma_table_info('${TABLE}', 'before')
      EXCEPT SELECT name FROM pragma_table_info('${TABLE}', 'main')`).map(String),
  };
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Removes files of processes that died while they wrote: no process holds their lock. */
function removeLeftOver(path: string): void {
  const own = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(own) || !/^[0-9a-f]{12}\.tmp$/.test(name.slice(own.length))) continue;
    const file = join(dirname(path), name);
    if (isHeld(file)) continue;
    rmSync(file, { force: true });
  }
}

function isHeld(file: string): boolean {
  try {
    const lock = tryProcessLock(file);
    lock?.release();
    return lock === null;
  } catch (error) {
    // An unfinished file may not be a database. Then no process holds it.
    if (error instanceof Fault) return false;
    throw error;
  }
}
