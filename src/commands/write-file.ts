import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Only the owner may read the files: they contain titles and spending. */
const MODE = 0o600;
/** Error codes of a rename that fails only because of the folder, or because the file itself is a mount. */
const IN_THE_WAY = new Set(['EACCES', 'EBUSY', 'EPERM', 'EROFS', 'EXDEV']);
/** Error codes of a pipe that has no reader at the moment, or that is full. */
const NOBODY_READS = new Set(['ENXIO', 'EAGAIN', 'EPIPE']);

/**
 * Writes the file, whole or not at all: to a temporary file beside it, which is then renamed. For a link, its target is
 * written. A device, a pipe, or anything under /dev or /proc is never replaced but written in place, and so is a file
 * that is a mount or whose folder cannot be written. `wait: false`: skips a pipe that has no reader at the moment.
 */
export function writeWhole(path: string, text: string, { wait = true }: { wait?: boolean } = {}): void {
  const target = realPath(path);
  if (isReplaceable(path) && isReplaceable(target)) replace(target, text, wait);
  else writeInPlace(path, text, wait);
}

function replace(target: string, text: string, wait: boolean): void {
  const beside = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    // `wx` fails on an existing path: in a folder that others can write to, someone may have placed a link there.
    writeFileSync(beside, text, { mode: MODE, flag: 'wx' });
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!IN_THE_WAY.has(code) || statSync(target, { throwIfNoEntry: false }) === undefined) throw error;
    writeInPlace(target, text, wait);
  }
}

/** Returns why `writeWhole` would fail, as far as can be checked without writing; null: nothing prevents it. */
export function whyNotWritable(path: string): string | null {
  const target = realPath(path);
  try {
    const stat = statSync(target, { throwIfNoEntry: false });
    if (stat?.isDirectory()) return 'it is a folder: name a file in it';
    // A file in a folder that this user cannot write to is written in place.
    accessSync(stat === undefined ? dirname(target) : target, constants.W_OK);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return `there is not a folder ${dirname(target)}: make it first`;
    return `${(error as Error).message}: name another file`;
  }
}

/** Returns whether the path is a regular file, which a rename may replace, or does not exist yet. */
function isReplaceable(path: string): boolean {
  if (/^\/(?:dev|proc)\//.test(path)) return false;
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined || stat.isFile();
}

function writeInPlace(path: string, text: string, wait: boolean): void {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NONBLOCK } = constants;
  try {
    const file = openSync(path, O_WRONLY | O_CREAT | O_TRUNC | (wait ? 0 : O_NONBLOCK), MODE);
    try {
      if (wait) writeFileSync(file, text);
      else writeSync(file, text);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (wait || !NOBODY_READS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Returns the path that links lead to; the same path if it cannot be followed. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // The path does not exist yet, or names a pipe of this process.
    return path;
  }
}
