import { isUtf8 } from 'node:buffer';
import { decodeWestern } from '../disk/western.js';

/** The text of a fixed or zero-ended field: UTF-8 where it is, else Windows-1252; undefined: nothing is in it. */
export function textOf(bytes: Buffer): string | undefined {
  const end = bytes.indexOf(0);
  const own = end < 0 ? bytes : bytes.subarray(0, end);
  return clean(isUtf8(own) ? own.toString('utf8') : decodeWestern(own));
}

/** On one line, without control characters; undefined: nothing is left. */
export function clean(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .normalize('NFC');
  return line === '' ? undefined : line;
}
