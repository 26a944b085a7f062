import { isUtf8 } from 'node:buffer';
import { decodeWestern } from './western.js';

/** A path or a name for the file system: text, or bytes if it is not UTF-8. */
export type DiskPath = string | Buffer;

/** A file's or a folder's own name. */
export interface Name {
  disk: DiskPath;
  /** Text that identifies this name. If the name is not UTF-8: `/` and its bytes in hex, which no name can be. */
  key: string;
  /** For people and rules: composed (NFC), and decoded as Windows-1252 if it is not UTF-8. */
  shown: string;
}

export function nameOf(disk: DiskPath): Name {
  if (typeof disk === 'string') return { disk, key: disk, shown: disk.normalize('NFC') };
  if (isUtf8(disk)) return nameOf(disk.toString('utf8'));
  return { disk, key: `/${disk.toString('hex')}`, shown: decodeWestern(disk).normalize('NFC') };
}

export function joinDisk(folder: DiskPath, name: DiskPath): DiskPath {
  if (typeof folder === 'string' && typeof name === 'string')
    return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
  return Buffer.concat([Buffer.from(folder), Buffer.from('/'), Buffer.from(name)]);
}

/** Returns the key of a path: its folder's key, `/` and the name's key. A root's key is its path, and empty for `/`. */
export const joinKey = (folderKey: string, name: Name): string => `${folderKey}/${name.key}`;
export const rootKey = (root: string): string => (root === '/' ? '' : root);

/** Returns the path of a key. */
export function diskPathOf(key: string): DiskPath {
  if (!key.includes('//')) return key === '' ? '/' : key;
  const [start = '', ...odd] = key.split('//');
  const parts = odd.flatMap((part) => {
    const end = part.includes('/') ? part.indexOf('/') : part.length;
    return [Buffer.from('/'), Buffer.from(part.slice(0, end), 'hex'), Buffer.from(part.slice(end))];
  });
  return Buffer.concat([Buffer.from(start), ...parts]);
}

/** Compares by code unit, ascending: the same order on every machine. */
export const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
