import { chmodSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { blockedFault } from '../fault.js';

/** Files that we, SQLite and Temporal write directly into EMBEDDINGS_HOME. */
const OURS =
  /^(temporal\.(json|log|db)|(keeper|worker)\.lock|(worker|generate)\.log|bill\.jsonl|(catalog|store)-\d+\.db|folder-[a-z][a-z0-9-]*\.db(\.lock)?|search-[0-9a-f]{16}-\d+\.index)\b/;
const OTHERS = 0o077;

/**
 * Opens EMBEDDINGS_HOME and returns its real path; creates it with mode 0700 when missing. An existing folder keeps its
 * mode, but our files in it are closed to other users, as earlier versions left some readable. Throws a blocked Fault
 * when it cannot be created.
 */
export function openHomeFolder(home: string): string {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const path = realpathSync(home);
    for (const file of ourFiles(path)) restrictToOwner(file);
    return path;
  } catch (error) {
    throw blockedFault(
      `The folder ${home} (EMBEDDINGS_HOME) cannot be made: ${(error as Error).message}; ${cureOf(error as NodeJS.ErrnoException)}`,
      error,
    );
  }
}

const cureOf = ({ code = '' }: NodeJS.ErrnoException): string =>
  /^(ENOSPC|EDQUOT)$/.test(code)
    ? 'make room on its disk, then run the command again'
    : 'set EMBEDDINGS_HOME to a folder that this user may write';

/** Returns the paths of our files directly in that folder. */
export const ourFiles = (home: string): string[] =>
  readdirSync(home, { withFileTypes: true })
    .filter((entry) => entry.isFile() && OURS.test(entry.name))
    .map((entry) => join(home, entry.name));

function restrictToOwner(file: string): void {
  try {
    const stat = statSync(file);
    if (stat.isFile() && (stat.mode & OTHERS) !== 0) chmodSync(file, stat.mode & 0o700);
  } catch {
    // Deleted meanwhile, or owned by another user: then its mode is not ours to change.
  }
}
