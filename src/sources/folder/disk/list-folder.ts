import { readdir } from 'node:fs/promises';
import { byText, type DiskPath, type Name, nameOf } from './paths.js';

/** What a folder holds, each sorted by name. Devices, sockets and pipes are not listed. */
export interface Listing {
  folders: Name[];
  files: Name[];
  links: Name[];
  /** It holds nothing but hidden names, as where a disk is not mounted. */
  empty: boolean;
}

interface Entry {
  name: DiskPath;
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

/** Throws what the file system throws. */
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

/** Of text and of bytes. */
export const isHidden = (name: DiskPath): boolean => name.indexOf('.') === 0;

/** As text, which is faster; as bytes where a name may be no UTF-8, as U+FFFD then stands in it. */
async function readEntries(path: DiskPath): Promise<Entry[]> {
  const entries: Entry[] = await readdir(path, { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes('\u{fffd}'))) return entries;
  return readdir(path, { withFileTypes: true, encoding: 'buffer' }) as unknown as Promise<Entry[]>;
}
