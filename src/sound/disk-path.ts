import { isUtf8 } from 'node:buffer';

/** A path as the file system takes it: text, or bytes where it is no UTF-8. */
export type DiskPath = string | Buffer;

export const diskPath = (bytes: Buffer): DiskPath => (isUtf8(bytes) ? bytes.toString('utf8') : bytes);

/** Bytes 0x80 to 0x9f of Windows-1252, the code page of most old programs; the others are those of Latin-1. */
const WESTERN = '€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ';

/** For people: composed (NFC), and read as Windows-1252 where it is no UTF-8. */
export function shownPath(path: DiskPath): string {
  if (typeof path === 'string') return path.normalize('NFC');
  if (isUtf8(path)) return path.toString('utf8').normalize('NFC');
  return path
    .toString('latin1')
    .replace(/[\u{80}-\u{9f}]/gu, (sign) => WESTERN[sign.charCodeAt(0) - 0x80] ?? sign)
    .normalize('NFC');
}

export const joinBytes = (folder: Buffer, name: Buffer): Buffer =>
  folder.at(-1) === SLASH ? Buffer.concat([folder, name]) : Buffer.concat([folder, Buffer.from('/'), name]);

const SLASH = '/'.charCodeAt(0);

/** Whether a path lies below a folder, or is it; both with no `..` and no links in them. */
export function isInside(path: Buffer, folder: Buffer): boolean {
  if (!path.subarray(0, folder.length).equals(folder)) return false;
  return path.length === folder.length || folder.at(-1) === SLASH || path[folder.length] === SLASH;
}
