import { lstatSync, mkdirSync } from 'node:fs';

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Makes the folder that downloaded programs are kept in (mode 0700), or looks at the one that is there. Null: its
 * programs may be run; else why not. Another user who can write to it could have us run a program of theirs.
 */
export function cacheFolderFault(folder: string): string | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stat = lstatSync(folder);
    if (!stat.isDirectory()) return 'is a link or a file, not a folder';
    const { uid, mode } = stat;
    const own = process.getuid?.();
    if (own !== undefined && uid !== own) return 'belongs to another user';
    if ((mode & WRITABLE_BY_OTHERS) !== 0)
      return `can be written by other users (mode ${(mode & 0o777).toString(8)}; chmod 700 it)`;
    return null;
  } catch (error) {
    return `cannot be made (${(error as Error).message})`;
  }
}
