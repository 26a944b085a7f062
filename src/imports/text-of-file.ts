import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { usageFault } from '../fault.js';

export const CHUNK = 1 << 18;

/** Yields the text of a file in pieces, without a byte order mark. What the encoding does not allow becomes U+FFFD. */
export async function* textOf(path: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
    const text = decoder.decode(chunk as Buffer, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/** Returns the beginning of a text, at most `letters` characters. */
export async function headOf(path: string, encoding: string, letters: number): Promise<string> {
  let head = '';
  for await (const piece of textOf(path, encoding)) {
    head += piece;
    if (head.length >= letters) break;
  }
  return head.slice(0, letters);
}

/** Returns the first bytes of a file, at most 1000. Throws a usage Fault when there is no file to read. */
export function firstBytes(path: string): Buffer {
  try {
    if (!statSync(path).isFile()) throw usageFault(`--path: ${path} is no file: name the file itself`);
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(1000);
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw usageFault(`--path: there is no file ${path}: name another`, error);
    if (code === 'EACCES' || code === 'EPERM')
      throw usageFault(
        `--path: ${path} cannot be read by this user: chmod u+r it, or make this user its owner`,
        error,
      );
    if (code !== undefined)
      throw usageFault(`--path: ${path} cannot be read (${message}): name another`, error);
    throw error;
  }
}
