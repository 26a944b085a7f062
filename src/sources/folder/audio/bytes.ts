import type { BigIntStats } from 'node:fs';
import { close, fstat, open, read } from 'node:fs';
import type { DiskPath } from '../disk/paths.js';
import { type FileStamp, stampOf } from '../disk/stat.js';

/** Bytes that are read when a file is opened: all of a short sample, and the header of a long one. */
const HEAD = 65_536;

/** A file that is read in parts, never as a whole. */
export interface Bytes {
  readonly stamp: FileStamp;
  /** Reads up to `length` bytes from `at`; fewer at the end of the file. */
  read(at: number, length: number): Promise<Buffer>;
}

/** Opens a file for `work`, and closes it. Throws the file system's errors. */
export async function withFile<Result>(
  path: DiskPath,
  work: (bytes: Bytes) => Promise<Result>,
): Promise<Result> {
  const file = await new Promise<number>((resolve, reject) =>
    open(path, 'r', (error, descriptor) => (error ? reject(error) : resolve(descriptor))),
  );
  try {
    const stamp = stampOf(await statOfOpen(file));
    const head = await readAt(file, 0, Math.min(HEAD, stamp.size));
    return await work({
      stamp,
      async read(at, length) {
        const end = Math.min(at + length, stamp.size);
        if (at >= end) return Buffer.alloc(0);
        return end <= head.length ? head.subarray(at, end) : readAt(file, at, end - at);
      },
    });
  } finally {
    close(file, () => {});
  }
}

const statOfOpen = (file: number): Promise<BigIntStats> =>
  new Promise((resolve, reject) =>
    fstat(file, { bigint: true }, (error, stats) => (error ? reject(error) : resolve(stats))),
  );

/** Reads until `length` is reached: network file systems may return less per call. */
async function readAt(file: number, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let got = 0;
  while (got < length) {
    const more = await new Promise<number>((resolve, reject) =>
      read(file, buffer, got, length - got, at + got, (error, count) =>
        error ? reject(error) : resolve(count),
      ),
    );
    if (more === 0) break;
    got += more;
  }
  return buffer.subarray(0, got);
}
