import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { blockedFault, Fault, SettingFault } from '../../fault.js';
import { RefusedSelect, UnreadableRows } from '../backend.js';
import { cureOfFile } from '../known-files.js';

/** Returns whether another process has locked the database. Such a lock ends by itself. */
export const isHeld = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(codeOf(error));

/** Returns whether the error may come from a file that is only half copied. */
export const maybeHalfWritten = (error: unknown): boolean =>
  /^SQLITE_(NOTADB|CORRUPT|IOERR)/.test(codeOf(error)) || isMissingPart(error);

const isMissingPart = (error: unknown): boolean => /^no such (table|column)/.test(messageOf(error));

/** Turns the driver's error into a Fault with its cure, an UnreadableRows, or an Error that names the file. */
export function explainSqlite(error: unknown, path: string): unknown {
  if (error instanceof Fault || error instanceof RefusedSelect) return error;
  const code = codeOf(error);
  if (code === 'SQLITE_NOTADB')
    return new SettingFault(
      `DATABASE_URL: the file at ${path} is not a SQLite database (or it is encrypted): ${cureOfFile(path)}`,
      error,
    );
  if (code.startsWith('SQLITE_CORRUPT'))
    return blockedFault(`The SQLite catalog at ${path} is damaged (${messageOf(error)}): restore it`, error);
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM')
    return cannotOpen(error, code, path);
  if (isMissingPart(error))
    return blockedFault(
      `The SQLite catalog at ${path} has changed: ${messageOf(error)}. Bring it back, or go on without it: embeddings resume`,
      error,
    );
  if (isOfRows(error, code)) return new UnreadableRows(messageOf(error), { cause: error });
  return code === ''
    ? error
    : new Error(`SQLite at ${path}: ${messageOf(error)} (${code})`, { cause: error });
}

/** Returns whether a row is the cause: an argument that a function refuses, a value or a text that is too large. */
const isOfRows = (error: unknown, code: string): boolean =>
  /^SQLITE_(TOOBIG|MISMATCH)$/.test(code) ||
  (code === 'SQLITE_ERROR' && !/^no such|syntax error|ambiguous column/.test(messageOf(error))) ||
  code === 'ERR_STRING_TOO_LONG';

/** Creates the Fault for a file that cannot be opened. SQLite has one code for many causes: the files show which. */
function cannotOpen(error: unknown, code: string, path: string): Fault {
  if (code === 'SQLITE_READONLY_ROLLBACK' || isFilled(`${path}-journal`))
    return blockedFault(
      `The SQLite catalog at ${path} has a hot journal (${path}-journal): a program crashed in the middle of a ` +
        'transaction, which must be rolled back before the catalog can be read. Open the catalog once with that program, or run: ' +
        `sqlite3 ${path} .schema`,
      error,
    );
  if (!mayRead(path))
    return new SettingFault(
      `DATABASE_URL: the SQLite database at ${path} cannot be read by this user: give the user permission to read it`,
      error,
    );
  if (code === 'SQLITE_READONLY_RECOVERY')
    return blockedFault(
      `The SQLite catalog at ${path} was left by a program that crashed, and its write-ahead log (${path}-wal) must be ` +
        `recovered: open it once with that program, or run: sqlite3 ${path} .schema`,
      error,
    );
  // A WAL database needs its -shm file. If it is missing and the directory is read-only, SQLite cannot read.
  if (isWal(path) && !existsSync(`${path}-shm`))
    return new SettingFault(
      `DATABASE_URL: the SQLite database at ${path} is in WAL mode and its directory is read-only: make the ` +
        'directory writable, or run "PRAGMA journal_mode=DELETE" on the database once',
      error,
    );
  return new SettingFault(
    `DATABASE_URL: cannot open the SQLite database at ${path}: ${messageOf(error)} (${code})`,
    error,
  );
}

const isFilled = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;

function mayRead(path: string): boolean {
  try {
    closeSync(openSync(path, 'r'));
    return true;
  } catch {
    return false;
  }
}

function isWal(path: string): boolean {
  const version = Buffer.alloc(1);
  const file = openSync(path, 'r');
  try {
    readSync(file, version, 0, 1, 18);
  } finally {
    closeSync(file);
  }
  return version[0] === 2;
}

export const codeOf = (error: unknown): string => String((error as { code?: unknown })?.code ?? '');
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
