import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { Fault } from '../fault.js';
import { parseCatalogUrl } from '../sources/url.js';

/**
 * The folder of audio files that DATABASE_URL names, as an absolute path; null: it names a database, or nothing that can
 * be read. A folder that is not there, as of a disk that is not connected, counts as one where `indexed` says that its
 * index is.
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
