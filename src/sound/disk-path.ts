import { isUtf8 } from 'node:buffer';
import { fileUrlOf, pathOfFileUrl } from '../file-url.js';

/** A path as the file system has it: text, or bytes if it is not valid UTF-8. */
export type DiskPath = string | Buffer;

export const diskPath = (bytes: Buffer): DiskPath => (isUtf8(bytes) ? bytes.toString('utf8') : bytes);

/** Bytes 0x80 to 0x9f of Windows-1252, the code page of most old programs; all others equal Latin-1. */
const WESTERN = '€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ';

/** Returns the path for display: composed (NFC), and read as Windows-1252 if it is not valid UTF-8. */
export function shownPath(path: DiskPath): string {
  if (typeof path === 'string') return path.normalize('NFC');
  if (isUtf8(path)) return path.toString('utf8').normalize('NFC');
  return path
    .toString('latin1')
    .replace(/[\u{80}-\u{9f}]/gu, (sign) => WESTERN[sign.charCodeAt(0) - 0x80] ?? sign)
    .normalize('NFC');
}

/** Returns the path as text that names exactly this file: as it is, or as a `file:` URL if it is not UTF-8. */
export const exactPath = (path: DiskPath): string => (typeof path === 'string' ? path : fileUrlOf(path));

/** Returns the path of such a text, or of any `file:` URL. */
export function pathOfText(text: string): DiskPath {
  const bytes = pathOfFileUrl(text);
  return bytes === null ? text : diskPath(bytes);
}

export const joinBytes = (folder: Buffer, name: Buffer): Buffer =>
  folder.at(-1) === SLASH ? Buffer.concat([folder, name]) : Buffer.concat([folder, Buffer.from('/'), name]);

const SLASH = '/'.charCodeAt(0);

/** Returns whether a path is a folder or below it; neither may contain `..` or links. */
export function isInside(path: Buffer, folder: Buffer): boolean {
  if (!path.subarray(0, folder.length).equals(folder)) return false;
  return path.length === folder.length || folder.at(-1) === SLASH || path[folder.length] === SLASH;
}
