import { readdir } from 'node:fs/promises';
import { byText, type DiskPath, type Name, nameOf } from './paths.js';

/** The entries of a folder, each list sorted by name. Devices, sockets and pipes are not listed. */
export interface Listing {
  folders: Name[];
  files: Name[];
  links: Name[];
  /** True if all names are hidden, as in the mount point of a disk that is not mounted. */
  empty: boolean;
}

interface Entry {
  name: DiskPath;
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

/** Lists a folder. Throws the file system's errors. */
export async function listFolder(path: DiskPath): Promise<Listing> {
  const entries = await readEntries(path);
  const those = (fits: (entry: Entry) => boolean): Name[] =>
    entries
      .filter(fits)
      .map(({ name }) => nameOf(name))
      .sort((one, other) => byText(one.key, other.key));
  return {
    folders: those((entry) => entry.isDirectory()),
    files: those((entry) => entry.isFile()),
    links: those((entry) => entry.isSymbolicLink()),
    empty: entries.every(({ name }) => isHidden(name)),
  };
}

/** Returns whether a name, as text or bytes, begins with a dot. */
export const isHidden = (name: DiskPath): boolean => name.indexOf('.') === 0;

/** Reads names as text, which is faster. Reads them as bytes if one contains U+FFFD: it may not be UTF-8. */
async function readEntries(path: DiskPath): Promise<Entry[]> {
  const entries: Entry[] = await readdir(path, { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes('\u{fffd}'))) return entries;
  return readdir(path, { withFileTypes: true, encoding: 'buffer' }) as unknown as Promise<Entry[]>;
}
