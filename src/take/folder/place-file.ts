import { randomBytes } from 'node:crypto';
import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { extensionOf, sameOnDisk, withoutExtension } from '../../sound/safe-name.js';
import { bytesOf, type OpenedSample } from '../open-sample.js';

/** The folder takes nothing more: its disk is full, or it may not be written. */
export class CannotWrite extends Error {
  override readonly name = 'CannotWrite';
  constructor(override readonly cause: NodeJS.ErrnoException) {
    super(cause.message);
  }
}

/** A folder that files are put into. */
export interface TargetFolder {
  path: string;
  /** The names that are there, by `sameOnDisk`. */
  names: Map<string, string>;
}

export interface Placed {
  name: string;
  /** `there`: a file with the same bytes was there before. */
  how: 'copied' | 'there';
}

const PART = /^\.embeddings-[0-9a-f]{12}\.part$/;
/** Of a copy that was killed; one that goes on is written to all the time. */
const LEFT_BEHIND_MS = 10 * 60_000;

/** Reads which names are taken, and removes what copies that were killed have left. */
export async function openTarget(path: string): Promise<TargetFolder> {
  const names = new Map<string, string>();
  for (const name of await readdir(path)) {
    if (PART.test(name)) await removeOld(join(path, name));
    else names.set(sameOnDisk(name), name);
  }
  return { path, names };
}

async function removeOld(part: string): Promise<void> {
  const { mtimeMs } = await lstat(part).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
  if (Date.now() - mtimeMs > LEFT_BEHIND_MS) await rm(part, { force: true });
}

/**
 * Puts a copy of the file into the folder, whole or not at all. A file that is there is never written to: where it has the
 * same bytes there is nothing to do, else the copy gets another name. Throws CannotWrite, or what reading the file throws.
 */
export async function placeFile(
  folder: TargetFolder,
  wanted: string,
  file: OpenedSample,
  signal?: AbortSignal,
): Promise<Placed> {
  let name = wanted;
  for (let number = 2; ; number += 1) {
    const taken = folder.names.get(sameOnDisk(name));
    if (taken === undefined) break;
    if (await holds(join(folder.path, taken), file)) return { name: taken, how: 'there' };
    name = numbered(wanted, number);
  }
  const part = join(folder.path, `.embeddings-${randomBytes(6).toString('hex')}.part`);
  try {
    await writePart(part, file, signal);
    if (await reserve(join(folder.path, name))) await renameOver(part, join(folder.path, name));
    else {
      // Another program has made a file of that name since the folder was read.
      folder.names.set(sameOnDisk(name), name);
      return await placeFile(folder, wanted, file, signal);
    }
  } finally {
    await rm(part, { force: true });
  }
  folder.names.set(sameOnDisk(name), name);
  return { name, how: 'copied' };
}

/** Whether a file of that size lies there under the name that a copy would have, or under one that it had. */
export async function isThere(folder: string, wanted: string, size: number): Promise<boolean> {
  for (let number = 1; ; number += 1) {
    const stats = await lstat(join(folder, numbered(wanted, number))).catch(() => null);
    if (stats === null) return false;
    if (stats.isFile() && stats.size === size) return true;
  }
}

const numbered = (name: string, number: number): string =>
  number === 1 ? name : `${withoutExtension(name)} (${number})${extensionOf(name)}`;

const orCannot = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw new CannotWrite(error as NodeJS.ErrnoException);
  }
};

async function writePart(part: string, file: OpenedSample, signal?: AbortSignal): Promise<void> {
  const out = await orCannot(open(part, 'wx'));
  try {
    for await (const bytes of bytesOf(file)) {
      signal?.throwIfAborted();
      await orCannot(out.writeFile(bytes));
    }
    // A card that is pulled out right after has the whole file.
    await orCannot(out.sync());
  } finally {
    await out.close();
  }
}

/** Makes an empty file of that name, which a rename then replaces; false: the name is taken. Works without hard links, as on FAT. */
async function reserve(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new CannotWrite(error as NodeJS.ErrnoException);
  }
}

/** Over the empty file that was reserved, which goes again where that fails. */
async function renameOver(part: string, path: string): Promise<void> {
  try {
    await rename(part, path);
  } catch (error) {
    await rm(path, { force: true });
    throw new CannotWrite(error as NodeJS.ErrnoException);
  }
}

/** Whether a regular file lies at the path, with the same bytes. */
async function holds(path: string, file: OpenedSample): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null || !stats.isFile() || stats.size !== file.size) return false;
  const there = await open(path, 'r').catch(() => null);
  if (there === null) return false;
  try {
    return await sameBytes(there, file);
  } finally {
    await there.close();
  }
}

async function sameBytes(there: FileHandle, file: OpenedSample): Promise<boolean> {
  let at = 0;
  for await (const bytes of bytesOf(file)) {
    const other = Buffer.alloc(bytes.length);
    for (let got = 0; got < other.length; ) {
      const { bytesRead } = await there.read(other, got, other.length - got, at + got);
      if (bytesRead === 0) return false;
      got += bytesRead;
    }
    if (!other.equals(bytes)) return false;
    at += bytes.length;
  }
  return true;
}
