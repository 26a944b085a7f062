import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { usageFault } from '../fault.js';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

const CHUNK = 1 << 18;

/**
 * Detects the encoding of a file: by its byte order mark, or by the zeros of UTF-16. Else it is UTF-8 if the whole file
 * is valid, or Windows-1252, as Excel writes CSV. Throws a usage Fault when there is no file to read.
 */
export async function encodingOf(path: string): Promise<Encoding> {
  const start = firstBytes(path);
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const zeros = (from: number): number => start.filter((byte, at) => byte === 0 && at % 2 === from).length;
  if (zeros(1) > start.length / 4) return 'utf-16le';
  if (zeros(0) > start.length / 4) return 'utf-16be';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }))
      decoder.decode(chunk as Buffer, { stream: true });
    decoder.decode();
    return 'utf-8';
  } catch (error) {
    if (error instanceof TypeError) return 'windows-1252';
    throw error;
  }
}

/** Yields the text of a file in pieces, without a byte order mark. */
export async function* textOf(path: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
    const text = decoder.decode(chunk as Buffer, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/** Returns the beginning of a text, at most `letters` characters. */
export async function headOf(path: string, encoding: Encoding, letters: number): Promise<string> {
  let head = '';
  for await (const piece of textOf(path, encoding)) {
    head += piece;
    if (head.length >= letters) break;
  }
  return head.slice(0, letters);
}

function firstBytes(path: string): Buffer {
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
