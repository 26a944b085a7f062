import { readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolderFault } from './cache-folder.js';

const MOST = 8;

/**
 * Remembers programs that were found to work, since asking one for its version takes half a second at each start of the
 * server. A program is identified by its file, so that a replaced one is checked again.
 */
export function checkedPrograms(cacheDir: string | null) {
  const usable = cacheDir !== null && cacheFolderFault(cacheDir) === null;
  const file = join(cacheDir ?? '', 'checked-programs.json');
  return {
    has: (path: string): boolean => usable && read(file).includes(stampOf(path)),
    add(path: string): void {
      if (!usable) return;
      const stamps = [...read(file).filter((stamp) => stamp !== stampOf(path)), stampOf(path)].slice(-MOST);
      try {
        const own = `${file}.${process.pid}`;
        writeFileSync(own, JSON.stringify(stamps), { mode: 0o600 });
        renameSync(own, file);
      } catch {
        // The program is checked again next time.
      }
    },
  };
}

function stampOf(path: string): string {
  const { ino, size, mtimeMs, ctimeMs } = statSync(path);
  return [realpathSync(path), ino, size, mtimeMs, ctimeMs].join(' ');
}

function read(file: string): string[] {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(found) ? found.filter((each) => typeof each === 'string') : [];
  } catch {
    return [];
  }
}
