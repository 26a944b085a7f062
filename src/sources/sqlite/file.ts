import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import type { Database } from '../../sqlite.js';

/** There is no file at that path, for now. */
export class FileMissing extends Error {}
/** The file is being overwritten, or was changed by no SQLite while it was read: what was read may be of both. */
export class FileChanging extends Error {}

/** SQLite's file header, as far as it tells a commit from an overwritten file. */
interface Header {
  /** Counts transactions. */
  counter: number;
  /** Changes with every change of a table. */
  schema: number;
  wal: boolean;
}

interface Seen {
  /** A file system gives the number of a deleted file to the next one, so its birth counts too. */
  file: string;
  size: bigint;
  changed: bigint;
  header: Header | null;
}

/** A file that was overwritten is opened again once it has stood still for so long, in milliseconds. */
const STILL_MS = 500;
/** A commit moves the counter by one; so many at most are taken for commits since the last look. */
const COMMITS = 1_000_000;

export interface FollowedFile extends SqliteDatabase {
  /** Changes when the file was replaced or its schema changed. */
  generation(): string;
  /** The columns of a statement as SQLite compiles it; null where it is not one statement that only reads and gives rows. */
  columns(text: string): { name: string; type: string | null }[] | null;
  /** Opens it anew for the next statement. */
  drop(): void;
  /** Milliseconds since it was last written to; null: it is not there. */
  age(): number | null;
}

/**
 * A SQLite database that is read where its path leads now: a file that was replaced (rename), removed and put back, cut
 * short or overwritten is opened anew before the next statement. Commits of other SQLite processes need none of that.
 * Statements throw FileMissing or FileChanging: try again in a moment.
 */
export function followFile(path: string, open: () => Database.Database): FollowedFile {
  let seen = look(path);
  let database: Database.Database | null = open();
  /** It was overwritten when it was looked at last. */
  let moving = false;

  const drop = (): void => {
    database?.close();
    database = null;
  };
  /** Brings `seen` up to date. @returns whether what is open still is that file. */
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

/** Negative where the clock of the file's machine is ahead. */
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

/** SQLite counts its commits; in WAL mode not each of them, and they may reach the file later. */
function isCommit(before: Header | null, after: Header | null): boolean {
  if (before === null || after === null) return false;
  const commits = after.counter - before.counter;
  return commits >= (before.wal && after.wal ? 0 : 1) && commits <= COMMITS;
}
