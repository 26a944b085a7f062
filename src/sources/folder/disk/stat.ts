import { type BigIntStats, lstat, stat } from 'node:fs';
import type { DiskPath } from './paths.js';

/** Shows whether a file has changed. */
export interface FileStamp {
  /** Bytes. */
  size: number;
  /** Nanoseconds since 1970, in decimal: a number would lose the last digits. */
  mtime: string;
}

export const stampOf = ({ size, mtimeNs }: BigIntStats): FileStamp => ({
  size: Number(size),
  mtime: String(mtimeNs),
});

export const sameStamp = (one: FileStamp, other: FileStamp): boolean =>
  one.size === other.size && one.mtime === other.mtime;

/** Uses the callback functions: they are four times as fast as `node:fs/promises`, which matters for 100,000 files. */
export const statOf = (path: DiskPath, { follow }: { follow: boolean }): Promise<BigIntStats> =>
  new Promise((resolve, reject) =>
    (follow ? stat : lstat)(path, { bigint: true }, (error, stats) =>
      error ? reject(error) : resolve(stats),
    ),
  );

/** Returns a folder's device and inode; null when the file system has no inode numbers. */
export const folderIdentity = ({ dev, ino }: BigIntStats): string | null =>
  ino === 0n ? null : `${dev}:${ino}`;

export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
