import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { DiskPath } from './disk-path.js';

/** A regular file within the roots that this program may read. */
export interface FoundFile {
  kind: 'file';
  /** With no link in it. */
  path: DiskPath;
  /** The name that the catalog's path ends with, also where that is a link; for people. */
  name: string;
  /** Bytes. */
  size: number;
  /** Nanoseconds since 1970. */
  mtimeNs: bigint;
  dev: bigint;
  ino: bigint;
}

/** Does not wait for the other end of a pipe, and follows no link in the last part of the path. */
const CAREFULLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

export const openCarefully = (path: DiskPath): Promise<FileHandle> => open(path, CAREFULLY);

/** Another file has taken the place of the one that was checked, or it was written to: it has to be found again. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged';
}

/** A file that is read in places, never as a whole. */
export interface SoundFile {
  /** Bytes. */
  readonly size: number;
  /** `length` bytes from `at`; fewer where the file ends. */
  read(at: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** The very file that was found, unchanged. Throws FileChanged, or what the file system throws. */
export async function openFound(found: FoundFile): Promise<SoundFile> {
  const file = await openCarefully(found.path);
  try {
    const { dev, ino, size, mtimeNs } = await file.stat({ bigint: true });
    if (dev !== found.dev || ino !== found.ino || Number(size) !== found.size || mtimeNs !== found.mtimeNs)
      throw new FileChanged('the file has changed since it was found');
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

/** Network file systems may give less than was asked for. */
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
