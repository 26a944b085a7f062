import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { blockedFault, Fault } from '../fault.js';
import type { DiskPath } from './disk-path.js';
import { asPart, refusalOf } from './refusal.js';

/** A regular file within the roots that this program can read. */
export interface FoundFile {
  kind: 'file';
  /** Has no links in it. */
  path: DiskPath;
  /** The last part of the catalog's path, even if that is a link; for display. */
  name: string;
  /** Bytes. */
  size: number;
  /** Nanoseconds since 1970. */
  mtimeNs: bigint;
  dev: bigint;
  ino: bigint;
}

/** Opens without waiting for the other end of a pipe, and follows no link in the last part of the path. */
const CAREFULLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

export const openCarefully = (path: DiskPath): Promise<FileHandle> => open(path, CAREFULLY);

/** The checked file was replaced or written to, and has to be found again. The message names the file. */
export class FileChanged extends Fault {
  constructor(file: string, what = 'was changed while it was read') {
    super('blocked', `${file} ${what}: try again`);
  }
}

/** Returns an error of reading an opened file as a Fault that names the file. Returns any other error unchanged. */
export function readFault(file: string, error: unknown): unknown {
  if (error instanceof Fault || (error as NodeJS.ErrnoException).code === undefined) return error;
  const { sentence } = refusalOf(error as NodeJS.ErrnoException);
  return blockedFault(`${file} cannot be read to its end, since ${asPart(sentence)}`, error);
}

/** A file of which parts are read, never the whole. */
export interface SoundFile {
  /** Bytes. */
  readonly size: number;
  /** Reads `length` bytes from `at`; fewer at the file's end. */
  read(at: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Opens the file that was found, if it is unchanged. Throws FileChanged, or what the file system throws. */
export async function openFound(found: FoundFile): Promise<SoundFile> {
  const file = await openCarefully(found.path);
  try {
    const { dev, ino, size, mtimeNs } = await file.stat({ bigint: true });
    if (dev !== found.dev || ino !== found.ino || Number(size) !== found.size || mtimeNs !== found.mtimeNs)
      throw new FileChanged(found.name, 'has changed since it was found');
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    size: found.size,
    read: (at, length) => readAt(file, at, Math.min(length, found.size - at)),
    close: () => file.close(),
  };
}

/** Reads in a loop: network file systems may return less than requested. */
async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  if (length <= 0) return Buffer.alloc(0);
  const buffer = Buffer.allocUnsafe(length);
  let got = 0;
  while (got < length) {
    const { bytesRead } = await file.read(buffer, got, length - got, at + got);
    if (bytesRead === 0) break;
    got += bytesRead;
  }
  return buffer.subarray(0, got);
}
