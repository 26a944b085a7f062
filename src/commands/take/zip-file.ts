import { randomBytes } from 'node:crypto';
import { createWriteStream, realpathSync, rmSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { usageFault } from '../../fault.js';

/**
 * Writes a file as a stream, whole or not at all: beside it, then renamed. A device or a pipe is written to as it is. Throws a
 * usage Fault that names the option and what is in the way.
 */
export async function streamWhole<T>(
  option: string,
  path: string,
  write: (stream: Writable) => Promise<T>,
): Promise<T> {
  const there = statSync(path, { throwIfNoEntry: false });
  const inPlace = there !== undefined && !there.isFile();
  const target = there === undefined ? path : realpathSync(path);
  const beside = inPlace ? path : `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const written = await write(createWriteStream(beside, inPlace ? {} : { flags: 'wx' }));
    if (!inPlace) await rename(beside, target);
    return written;
  } catch (error) {
    if (!inPlace) rmSync(beside, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw usageFault(
        `${option} ${path}: its disk is full: make room, or name a file on another disk`,
        error,
      );
    if (code === 'ABORT_ERR') throw error;
    throw usageFault(`${option} ${path} cannot be written: ${message}`, error);
  }
}
