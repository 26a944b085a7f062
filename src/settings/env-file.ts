/** Reads the `.env` of a folder, in the encodings that other programs write. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { usageFault } from '../fault.js';

export const envFileOf = (folder: string): string => join(folder, '.env');

/**
 * Returns names and values as they are in the file; empty if there is no file. UTF-8 or UTF-16, with or without a byte
 * order mark, any line ends. Throws a usage Fault for a folder of that name, and for a file that cannot be read.
 */
export const readEnvFile = (folder: string): Record<string, string> => parse(readEnvText(folder) ?? '');

/** Returns the file's text, decoded as in `readEnvFile`; null if there is no file. */
export function readEnvText(folder: string): string | null {
  const file = envFileOf(folder);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EISDIR')
      throw usageFault(
        `${file} is a folder: remove it (a container makes one when it mounts a file that is missing), or put a file there`,
        error,
      );
    if (code === 'EACCES' || code === 'EPERM')
      throw usageFault(
        `${file} cannot be read by this user: chmod u+r it, or make this user its owner`,
        error,
      );
    throw usageFault(`${file} cannot be read (${message}): replace it`, error);
  }
  return decoded(bytes, file);
}

function decoded(bytes: Buffer, file: string): string {
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  if (text.includes('\0')) throw usageFault(`${file} is not text: save it as UTF-8`);
  return text;
}

/** PowerShell's `>` writes UTF-16. Without a byte order mark, a zero in one of the first two bytes indicates it. */
function encodingOf([first, second]: Buffer): string {
  if ((first === 0xff && second === 0xfe) || second === 0) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || first === 0) return 'utf-16be';
  return 'utf-8';
}
