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

/** Files for their owner alone: titles and spending are theirs to share. */
const MODE = 0o600;
/** What a rename says where only the folder, or a mount on the file itself, stands in its way. */
const IN_THE_WAY = new Set(['EACCES', 'EBUSY', 'EPERM', 'EROFS', 'EXDEV']);
/** A pipe that nobody reads at the moment, or that is full. */
const NOBODY_READS = new Set(['ENXIO', 'EAGAIN', 'EPIPE']);

/**
 * Writes the file, whole or not at all: beside it, then renamed; of a link, the file that it names. What is no regular
 * file (a device, a pipe, anything under /dev or /proc) is never replaced but written to, and so is a file whose folder
 * cannot be written, or which is a mount. `wait: false`: a pipe that nobody reads at the moment is left out.
 */
export function writeWhole(path: string, text: string, { wait = true }: { wait?: boolean } = {}): void {
  const target = realPath(path);
  if (isReplaceable(path) && isReplaceable(target)) replace(target, text, wait);
  else writeInPlace(path, text, wait);
}

function replace(target: string, text: string, wait: boolean): void {
  const beside = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    // `wx`: in a folder that others write to, a link may wait there.
    writeFileSync(beside, text, { mode: MODE, flag: 'wx' });
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!IN_THE_WAY.has(code) || statSync(target, { throwIfNoEntry: false }) === undefined) throw error;
    writeInPlace(target, text, wait);
  }
}

/** Why `writeWhole` would fail there, as far as a look can tell; null: nothing is in its way. Writes nothing. */
export function whyNotWritable(path: string): string | null {
  const target = realPath(path);
  try {
    const stat = statSync(target, { throwIfNoEntry: false });
    if (stat?.isDirectory()) return 'it is a folder: name a file in it';
    // A file in a folder that is closed to us is written in place.
    accessSync(stat === undefined ? dirname(target) : target, constants.W_OK);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return `there is no folder ${dirname(target)}: make it first`;
    return `${(error as Error).message}: name another file`;
  }
}

/** Whether the path is a regular file that a rename may replace, or none yet. */
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

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // It is not there yet, or names a pipe of this process.
    return path;
  }
}
