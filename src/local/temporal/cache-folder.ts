import { lstatSync, mkdirSync } from 'node:fs';

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Creates the folder for downloaded programs (mode 0700), or checks an existing one. Returns null when its programs may
 * be run, else why not: another user who can write to it could make us run any program.
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
