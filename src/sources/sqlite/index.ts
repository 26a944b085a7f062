import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, type RawBuilder, SqliteDialect, sql } from 'kysely';
import { blockedFault, SettingFault, Unavailable } from '../../fault.js';
import type { Database } from '../../sqlite.js';
import { createTurns } from '../../turns.js';
import { type AnyRow, type Backend, RefusedSelect } from '../backend.js';
import { codeOf, explainSqlite, isHeld, maybeHalfWritten } from './errors.js';
import { FileChanging, FileMissing, type FollowedFile, followFile } from './file.js';
import { listSqliteTables } from './list-tables.js';

/** How long a query waits for a lock, or for a file that is being replaced, in milliseconds. */
const PATIENCE_MS = 5000;
const LOOK_AGAIN_MS = 50;
/** A file written to less than this ago may be half copied: apparent damage is checked again. Milliseconds. */
const SETTLED_MS = 1000;

/** Opens a SQLite catalog for reading only. Throws a usage Fault when there is no database at that path. */
export async function openSqlite(path: string): Promise<Backend> {
  const { Database: open } = await import('../../sqlite.js');
  const file = openFile(open, path);
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: file }) });
  const turns = createTurns();
  const patiently = createPatience(file, path);
  return {
    dialect: 'sqlite',
    db,
    place: `SQLite at ${path}`,
    async find(table, schema) {
      const { rows } = await sql<{ name: string; type: string; pk: number }>`
        select name, type, pk from pragma_table_xinfo(${table}, ${schema ?? 'main'}) where hidden <> 1`.execute(
        db,
      );
      if (rows.length === 0) return null;
      const keys = rows.filter((row) => row.pk > 0).length;
      const columns = rows.map(
        (row) => [row.name.toLowerCase(), { type: columnType(row, keys), array: false }] as const,
      );
      const from = schema === undefined ? sql.id(table) : sql.id(schema, table);
      return { from: from as RawBuilder<AnyRow>, columns: new Map(columns) };
    },
    elsewhere: async () => [],
    tables: () => listSqliteTables(db),
    describe: async (select) => describe(file, select),
    // Only an INTEGER PRIMARY KEY is checked by SQLite itself; any other column takes any value.
    nonIntegerId: (type, id) => (type === 'rowid' ? null : sql<boolean>`typeof(${id}) <> 'integer'`),
    hidesRows: async () => false,
    generation: () => file.generation(),
    // A commit is written to the file, or to its write-ahead log.
    changeMark: () => [path, `${path}-wal`].map(stampOf).join(' '),
    async run(query) {
      // Statements block this process. Between two of them heartbeats and other requests have their turn.
      if (turns.isDue()) await turns.give();
      return patiently(query);
    },
    async close() {
      await db.destroy();
      // Kysely closes only what it has used.
      file.close();
    },
  };
}

/** Returns the columns of a SELECT. Compiles it alone, to check that it only reads, and as it is read later. */
function describe(file: FollowedFile, select: string) {
  try {
    const columns = file.columns(select);
    if (columns === null) throw new RefusedSelect('it is not a read-only statement');
    // A parameter without a value is refused only when the statement runs. Limit 0 reads no row.
    file.prepare(`select * from (\n${select}\n) as rows limit 0`).all([]);
    return columns.map(({ name, type }) => ({ name, type: type?.toLowerCase() ?? '', array: false }));
  } catch (error) {
    // For several statements or a missing value, the driver throws a RangeError without a code.
    const ofText = codeOf(error) === 'SQLITE_ERROR' || error instanceof RangeError;
    if (!ofText || maybeHalfWritten(error)) throw error;
    throw new RefusedSelect((error as Error).message, { cause: error });
  }
}

function stampOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? '-' : `${stat.ino}:${stat.size}:${stat.mtimeNs}`;
}

const columnType = ({ type, pk }: { type: string; pk: number }, keys: number): string =>
  pk > 0 && keys === 1 && type.toLowerCase() === 'integer' ? 'rowid' : type.toLowerCase();

function openFile(SQLite: typeof Database, path: string): FollowedFile {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat)
    throw new SettingFault(
      `DATABASE_URL: no SQLite database at ${path}, and no folder: connect its disk, or correct the path`,
    );
  if (stat.isDirectory())
    throw new SettingFault(
      `DATABASE_URL: no SQLite database at ${path}, it is a folder: for one of audio files write source.folder in embeddings.config.yaml`,
    );
  try {
    // A short timeout, because it blocks the whole process; the rest of the wait is in patiently().
    return followFile(
      path,
      () => new SQLite(path, { readonly: true, fileMustExist: true, timeout: LOOK_AGAIN_MS }),
    );
  } catch (error) {
    throw explainSqlite(error, path);
  }
}

/**
 * Creates a function that runs a query. It retries for 5 s while the file is locked, missing or being replaced; once
 * the file was missing for 5 s, later queries fail at once until it is back. It reports apparent damage only after a
 * second without writes to the file.
 */
function createPatience(file: FollowedFile, path: string) {
  let missingSince: number | null = null;
  return async <T>(query: () => Promise<T>): Promise<T> => {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        const result = await query();
        missingSince = null;
        return result;
      } catch (error) {
        const now = performance.now();
        missingSince = error instanceof FileMissing ? (missingSince ?? now) : null;
        if (missingSince !== null && now - missingSince >= PATIENCE_MS) throw missing(path, error);
        const last = now >= deadline;
        if (error instanceof FileChanging) {
          if (last) throw passing(path, 'being overwritten', error);
        } else if (isHeld(error)) {
          if (last) throw passing(path, 'locked', error);
        } else if (maybeHalfWritten(error) && isFresh(file.age())) {
          file.drop();
          if (last) throw passing(path, 'being written to', error);
        } else if (!(error instanceof FileMissing)) throw explainSqlite(error, path);
        await sleep(LOOK_AGAIN_MS);
      }
    }
  };
}

const missing = (path: string, cause: unknown): Error =>
  blockedFault(
    `The SQLite catalog at ${path} is not there any more: put it back, then go on with embeddings resume`,
    cause,
  );

const isFresh = (age: number | null): boolean => age === null || (age >= 0 && age < SETTLED_MS);

const passing = (path: string, what: string, cause: unknown): Unavailable =>
  new Unavailable(
    'busy',
    `the SQLite catalog at ${path} is ${what} for ${PATIENCE_MS / 1000} s${codeOf(cause) && ` (${codeOf(cause)})`}: end what the other program does, then try again`,
    { cause },
  );
