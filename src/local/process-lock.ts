import { closeSync, openSync } from 'node:fs';
import { blockedFault, type Fault } from '../fault.js';
import { Database } from '../sqlite.js';

export interface ProcessLock {
  /** Releases the lock; a second call does nothing. */
  release(): void;
}

/** Prevents garbage collection, and so the release, of locks that their holder no longer references. */
const held = new Set<Database.Database>();

/**
 * Takes a lock, held until released or until this process ends in any way, SIGKILL included. Returns null at once when
 * another process holds it. It is the kernel's lock on a SQLite file, so it cannot go stale and names no process. Use a
 * separate file for it. Throws a blocked Fault when the file cannot be opened.
 */
export function tryProcessLock(path: string): ProcessLock | null {
  let database: Database.Database | undefined;
  try {
    createPrivately(path);
    database = new Database(path, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    const code = (error as { code?: string }).code ?? '';
    if (code.startsWith('SQLITE_BUSY')) return null;
    throw unusable(path, error as Error & { code?: string });
  }
  const mine = database;
  held.add(mine);
  return {
    release() {
      held.delete(mine);
      mine.close();
    },
  };
}

function unusable(path: string, error: Error & { code?: string }): Fault {
  const full =
    /^(SQLITE_FULL|ENOSPC|EDQUOT)$/.test(error.code ?? '') ||
    /disk is full|no space left/i.test(error.message);
  return blockedFault(
    full
      ? `The lock file ${path} cannot be used, as its disk is full: make room, then run the command again`
      : `The lock file ${path} cannot be used (${error.message}): let this user write into its folder, or set another EMBEDDINGS_HOME`,
    error,
  );
}

/** Does not open an existing file: closing any descriptor of it would drop a lock that this process holds on it. */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
