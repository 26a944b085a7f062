import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import type { Database } from '../../sqlite.js';

/** There is no file at that path, for now. */
export class FileMissing extends Error {}
/** The file is being overwritten, or another program than SQLite changed it during a read: old and new rows may mix. */
export class FileChanging extends Error {}

/** The fields of SQLite's file header that distinguish a commit from an overwritten file. */
interface Header {
  /** Counts transactions. */
  counter: number;
  /** Changes with every change of the schema. */
  schema: number;
  wal: boolean;
}

interface Seen {
  /** Device, inode and birth time, because a file system reuses the inode of a deleted file. */
  file: string;
  size: bigint;
  changed: bigint;
  header: Header | null;
}

/** An overwritten file is opened again after so long without a write, in milliseconds. */
const STILL_MS = 500;
/** A commit increments the counter. A larger step than this since the last check is taken for an overwritten file. */
const COMMITS = 1_000_000;

export interface FollowedFile extends SqliteDatabase {
  /** Returns a mark that changes when the file was replaced or its schema changed. */
  generation(): string;
  /** Returns the columns of a compiled statement. Null unless it is a query that only reads. */
  columns(text: string): { name: string; type: string | null }[] | null;
  /** Closes the file. The next statement opens it again. */
  drop(): void;
  /** Returns the milliseconds since the last write; null when there is no file. */
  age(): number | null;
}

/**
 * Opens a SQLite database that follows its path: a file that was replaced (rename), removed and put back, truncated or
 * overwritten is opened again before the next statement. Commits of other SQLite processes do not need that. Statements
 * throw FileMissing or FileChanging: try again in a moment.
 */
export function followFile(path: string, open: () => Database.Database): FollowedFile {
  let seen = look(path);
  let database: Database.Database | null = open();
  /** Whether the last check found the file overwritten. */
  let moving = false;

  const drop = (): void => {
    database?.close();
    database = null;
  };
  /** Updates `seen`. @returns whether the open database is still the file at the path. */
  const follow = (): 'same' | 'another' | 'overwritten' => {
    const before = seen;
    const now = look(path, before);
    if (now === before) return 'same';
    seen = now;
    if (now.file !== before.file) return 'another';
    return isCommit(before.header, now.header) ? 'same' : 'overwritten';
  };
  const current = (): Database.Database => {
    const followed = follow();
    if (followed !== 'same') drop();
    moving = followed === 'overwritten' || (moving && database === null);
    const age = ageOf(seen.changed);
    if (moving && age >= 0 && age < STILL_MS) throw new FileChanging();
    database ??= open();
    return database;
  };

  return {
    prepare(text): SqliteStatement {
      const statement = current().prepare(text);
      return {
        reader: statement.reader,
        all(parameters) {
          const rows = statement.all(parameters);
          const followed = follow();
          if (followed === 'same') return rows;
          moving = followed === 'overwritten';
          drop();
          throw new FileChanging();
        },
        run: (parameters) => statement.run(parameters),
        iterate: (parameters) => statement.iterate(parameters),
      };
    },
    columns(text) {
      const statement = current().prepare(text);
      return statement.readonly && statement.reader ? statement.columns() : null;
    },
    generation: () => `${seen.file} ${seen.header?.schema}`,
    drop,
    age() {
      const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
      return stat === undefined ? null : ageOf(stat.mtimeNs);
    },
    close: drop,
  };
}

/** Milliseconds. Negative when the clock of the file's machine is ahead. */
const ageOf = (changed: bigint): number => Date.now() - Number(changed / 1_000_000n);

function look(path: string, before?: Seen): Seen {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) throw new FileMissing();
  const file = `${stat.dev} ${stat.ino} ${stat.birthtimeNs}`;
  if (before?.file === file && before.size === stat.size && before.changed === stat.mtimeNs) return before;
  return { file, size: stat.size, changed: stat.mtimeNs, header: readHeader(path) };
}

function readHeader(path: string): Header | null {
  const bytes = Buffer.alloc(100);
  try {
    const file = openSync(path, 'r');
    try {
      if (readSync(file, bytes, 0, 100, 0) < 100) return null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
  if (bytes.toString('latin1', 0, 15) !== 'SQLite format 3') return null;
  return { counter: bytes.readUInt32BE(24), schema: bytes.readUInt32BE(40), wal: bytes[18] === 2 };
}

/** Returns whether commits explain the change. WAL mode does not count each commit, and may write the file later. */
function isCommit(before: Header | null, after: Header | null): boolean {
  if (before === null || after === null) return false;
  const commits = after.counter - before.counter;
  return commits >= (before.wal && after.wal ? 0 : 1) && commits <= COMMITS;
}
