import { randomBytes } from 'node:crypto';
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AT_ONCE, crc32, type Listed, MAGIC, sha256 } from './parts-file.js';

type Parts = Iterable<readonly [name: string, pieces: Iterable<Uint8Array>]>;

/** Temporary files older than this are left over: no process writes for so long. */
const LEFT_MS = 60 * 60_000;

/**
 * Replaces a file of parts atomically: concurrent readers see the old file. Yields to the event loop between pieces;
 * the parts must not change meanwhile. Throws if writing fails or `isOver` returns true, and leaves no file behind.
 */
export async function writeParts<H>(
  path: string,
  header: H,
  parts: Parts,
  isOver: () => boolean,
): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      await fill(file, header, parts, isOver);
      await file.sync();
    } finally {
      await file.close();
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  removeLeftBeside(path);
}

async function fill<H>(file: FileHandle, header: H, parts: Parts, isOver: () => boolean): Promise<void> {
  if (crc32 === undefined)
    throw new Error('this Node cannot tell whether a file is whole: use 20.15 or later');
  const listed: Listed<H> = { header, parts: [] };
  let at = 0;
  const write = async (bytes: Uint8Array): Promise<void> => {
    for (let from = 0; from < bytes.length; ) {
      if (isOver()) throw new Error('it is not wanted any more');
      const { bytesWritten } = await file.write(bytes, from, Math.min(AT_ONCE, bytes.length - from), at);
      from += bytesWritten;
      at += bytesWritten;
    }
  };
  for (const [name, pieces] of parts) {
    const begin = at;
    const crcs: number[] = [];
    for (const piece of inPieces(pieces)) {
      crcs.push(crc32(piece));
      await write(piece);
    }
    listed.parts.push({ name, at: begin, bytes: at - begin, crcs });
  }
  const list = Buffer.from(JSON.stringify(listed));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(list.length));
  await write(Buffer.concat([list, length, sha256(list), Buffer.from(MAGIC)]));
}

/** Yields the same bytes in pieces of equal length, except for the last. */
function* inPieces(all: Iterable<Uint8Array>): Generator<Uint8Array> {
  let some: Uint8Array[] = [];
  let bytes = 0;
  for (const each of all)
    for (let from = 0; from < each.length; ) {
      const piece = each.subarray(from, from + AT_ONCE - bytes);
      some.push(piece);
      bytes += piece.length;
      from += piece.length;
      if (bytes < AT_ONCE) continue;
      yield some.length === 1 ? piece : Buffer.concat(some);
      [some, bytes] = [[], 0];
    }
  if (bytes > 0) yield Buffer.concat(some);
}

/** Removes temporary files of processes that were killed while writing. */
function removeLeftBeside(path: string): void {
  const folder = dirname(path);
  const own = `${basename(path)}.`;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(own) || !/^[0-9a-f]{12}\.tmp$/.test(name.slice(own.length))) continue;
    const left = join(folder, name);
    const stat = statSync(left, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > LEFT_MS) rmSync(left, { force: true });
  }
}
