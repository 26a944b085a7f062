import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { Fault } from '../fault.js';
import { parseCatalogUrl } from '../sources/url.js';

/**
 * Returns the folder of audio files that DATABASE_URL names, as an absolute path; null: it names a database, or cannot
 * be read. A missing folder, such as on a disk that is not connected, counts as one if `indexed` says that its index
 * exists.
 */
export function folderNamed(
  url: string | undefined,
  cwd: string,
  indexed: (path: string) => boolean,
): string | null {
  if (url === undefined) return null;
  try {
    const target = parseCatalogUrl(url);
    if (target.dialect !== 'sqlite') return null;
    const path = resolve(cwd, target.path);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined) return stat.isDirectory() ? path : null;
    return extname(path) === '' && indexed(path) ? path : null;
  } catch (error) {
    if (error instanceof Fault || (error as NodeJS.ErrnoException).code !== undefined) return null;
    throw error;
  }
}
