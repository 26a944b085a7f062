import { randomBytes } from 'node:crypto';
import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { extensionOf, sameOnDisk, withoutExtension } from '../../sound/safe-name.js';
import { bytesOf, type OpenedSample } from '../open-sample.js';

/** Nothing more can be written into the folder: its disk is full, or it may not be written. */
export class CannotWrite extends Error {
  override readonly name = 'CannotWrite';
  constructor(override readonly cause: NodeJS.ErrnoException) {
    super(cause.message);
  }
}

/** A folder that files are copied into. */
export interface TargetFolder {
  path: string;
  /** The names in it, keyed by `sameOnDisk`. */
  names: Map<string, string>;
}

export interface Placed {
  name: string;
  /** `there`: a file with the same bytes existed before. */
  how: 'copied' | 'there';
}

const PART = /^\.embeddings-[0-9a-f]{12}\.part$/;
/** An older part is from a killed copy: a running copy writes to its part all the time. */
const LEFT_BEHIND_MS = 10 * 60_000;

/** Reads which names are taken, and removes the parts that killed copies have left. */
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
 * Copies the file into the folder, whole or not at all. Never writes to an existing file: if that has the same bytes,
 * there is nothing to do, else the copy gets another name. Throws CannotWrite, or the error of reading the file.
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
      // Another program has created a file of that name since the folder was read.
      folder.names.set(sameOnDisk(name), name);
      return await placeFile(folder, wanted, file, signal);
    }
  } finally {
    await rm(part, { force: true });
  }
  folder.names.set(sameOnDisk(name), name);
  return { name, how: 'copied' };
}

/** Returns whether a file of that size exists under the copy's name, or under a numbered form of that name. */
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
    // Then the whole file is on a card that is removed right after.
    await orCannot(out.sync());
  } finally {
    await out.close();
  }
}

/** Creates an empty file, which a rename replaces; false: the name is taken. Works without hard links, as on FAT. */
async function reserve(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new CannotWrite(error as NodeJS.ErrnoException);
  }
}

/** Replaces the reserved empty file, or removes it if the rename fails. */
async function renameOver(part: string, path: string): Promise<void> {
  try {
    await rename(part, path);
  } catch (error) {
    await rm(path, { force: true });
    throw new CannotWrite(error as NodeJS.ErrnoException);
  }
}

/** Returns whether there is a regular file with the same bytes at the path. */
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
