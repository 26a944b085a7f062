import { isUtf8 } from 'node:buffer';
import { decodeWestern } from '../disk/western.js';

/** Returns the text of a fixed or zero-terminated field: UTF-8 if valid, else Windows-1252; undefined if empty. */
export function textOf(bytes: Buffer): string | undefined {
  const end = bytes.indexOf(0);
  const own = end < 0 ? bytes : bytes.subarray(0, end);
  return clean(isUtf8(own) ? own.toString('utf8') : decodeWestern(own));
}

/** Returns the text on one line, without control characters. Undefined if nothing is left. */
export function clean(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .normalize('NFC');
  return line === '' ? undefined : line;
}
