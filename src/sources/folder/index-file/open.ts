import { closeSync, openSync } from 'node:fs';
import { blockedFault, Fault, usageFault } from '../../../fault.js';
import { Database } from '../../../sqlite.js';
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from './schema.js';

/** How long a statement waits for a reader's lock, in milliseconds. */
const PATIENCE_MS = 5000;

/**
 * Opens or creates the index, for one process at a time. Throws a usage Fault for another database or a newer version,
 * and a blocked Fault for a file that is damaged or cannot be written.
 */
export function openIndex(path: string): Database.Database {
  let database: Database.Database | undefined;
  try {
    createPrivately(path);
    database = new Database(path, { timeout: PATIENCE_MS });
    claim(database, path);
    return database;
  } catch (error) {
    database?.close();
    throw explainIndexError(error, path);
  }
}

/**
 * Creates the file for its owner only, because paths are private; SQLite gives its other files the same mode. Does not
 * open an existing file: closing it would drop the locks that this process holds on it.
 */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function claim(database: Database.Database, path: string): void {
  const application = database.pragma('application_id', { simple: true });
  const version = Number(database.pragma('user_version', { simple: true }));
  const tables = database.prepare('select count(*) from sqlite_master').pluck().get();
  if (application !== APPLICATION_ID && tables !== 0) {
    throw usageFault(
      `${path} is no index of a folder of samples but another database: set another path for the index`,
    );
  }
  if (version > SCHEMA_VERSION) {
    throw usageFault(
      `The folder index ${path} was written by a newer version: update sample-embeddings, or delete the file; ` +
        'the folder is then read again, and samples keep their ids',
    );
  }
  database.pragma('journal_mode = wal');
  // A crash of the machine may lose the last transactions, never the file. Their files are read again.
  database.pragma('synchronous = normal');
  // Pages. Ids are spread evenly, so a short log would write the same pages again and again.
  database.pragma('wal_autocheckpoint = 16000');
  if (version < SCHEMA_VERSION) database.transaction(create)(database);
}

/** Creates the tables. Replaces those of an older version: ids follow from the files' content. */
function create(database: Database.Database): void {
  for (const table of ['files', 'entries', 'folders', 'state'])
    database.exec(`drop table if exists ${table}`);
  database.pragma(`application_id = ${APPLICATION_ID}`);
  for (const statement of SCHEMA) database.exec(statement);
  database.pragma(`user_version = ${SCHEMA_VERSION}`);
}

/** Turns an error of SQLite or of the file into a Fault with the cure. Returns any other error unchanged. */
export function explainIndexError(error: unknown, path: string): unknown {
  if (error instanceof Fault) return error;
  const { code = '', message } = error as { code?: string; message: string };
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) {
    return blockedFault(
      `The folder index ${path} is damaged (${message}): delete it, with its -wal and -shm; the folder is then read ` +
        'again, and samples keep their ids and vectors',
      error,
    );
  }
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT)/.test(code))
    return blockedFault(`The disk of the folder index ${path} is full: make room, then try again`, error);
  if (/^(SQLITE_(CANTOPEN|READONLY|PERM|IOERR)|EACCES|EPERM|EROFS|ENOTDIR|EEXIST)/.test(code)) {
    return blockedFault(
      `The folder index ${path} cannot be written (${message}): let this user write into its folder, or set another path`,
      error,
    );
  }
  if (/^SQLITE_BUSY/.test(code))
    return blockedFault(
      `The folder index ${path} is locked by another program: close it there, then try again`,
      error,
    );
  return error;
}
