import { isUtf8 } from 'node:buffer';
import { decodeWestern } from './western.js';

/** A path or a name as the file system takes it: text, or bytes where it is no UTF-8. */
export type DiskPath = string | Buffer;

/** A file's or a folder's own name. */
export interface Name {
  disk: DiskPath;
  /** Text that stands for exactly this name. Of one that is no UTF-8: its bytes as `/` and hex, which no name can be. */
  key: string;
  /** For people and rules: composed (NFC), and read as Windows-1252 where it is no UTF-8. */
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

/** The key of a path: that of its folder, and the name's. The key of a root is its path, of `/` nothing. */
export const joinKey = (folderKey: string, name: Name): string => `${folderKey}/${name.key}`;
export const rootKey = (root: string): string => (root === '/' ? '' : root);

/** The path that a key stands for. */
export function diskPathOf(key: string): DiskPath {
  if (!key.includes('//')) return key === '' ? '/' : key;
  const [start = '', ...odd] = key.split('//');
  const parts = odd.flatMap((part) => {
    const end = part.includes('/') ? part.indexOf('/') : part.length;
    return [Buffer.from('/'), Buffer.from(part.slice(0, end), 'hex'), Buffer.from(part.slice(end))];
  });
  return Buffer.concat([Buffer.from(start), ...parts]);
}

/** Ascending by code unit: the same order on every machine. */
export const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
