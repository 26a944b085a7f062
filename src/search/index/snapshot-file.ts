import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as zlib from 'node:zlib';

/** A file of several parts: their bytes, a list of them as JSON, and the tail, by which the list is found. */
interface Listed<H> {
  header: H;
  parts: { name: string; at: number; bytes: number; crcs: number[] }[];
}

type Parts = Iterable<readonly [name: string, pieces: Iterable<Uint8Array>]>;

export interface PartsFile<H> {
  header: H;
  bytesOf(name: string): number;
  /** Into `into`, or a new buffer. Throws where the part is not what was written. */
  read(name: string, into?: Uint8Array): Uint8Array;
  close(): void;
}

const MAGIC = 'sample-embeddings parts 1\n';
const TAIL = 8 + 32 + MAGIC.length;
const AT_ONCE = 16 * 1024 * 1024;
/** What another process writes is not older. */
const LEFT_MS = 60 * 60_000;

/** Of each piece of a part: five times as quick as a hash. Node has it from 20.15 on; before, nothing is kept. */
const crc32 = (zlib as { crc32?: (bytes: Uint8Array) => number }).crc32;

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/**
 * Writes a file of parts in the place of what is there, in one step: whoever reads meanwhile reads the old one. Between
 * pieces others have their turn; the parts must not change meanwhile. Throws, with nothing left, where it cannot, or where
 * `isOver` says so.
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

/** The same bytes in pieces of one length, but for the last. */
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

/** Null: there is no such file, or it is not whole. Throws where it cannot be read. */
export function openParts<H>(path: string): PartsFile<H> | null {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return null;
  const file = openSync(path, 'r');
  try {
    const size = statSync(path).size;
    const tail = readAt(file, Buffer.alloc(TAIL), size - TAIL);
    const length = tail === null ? 0 : Number(Buffer.from(tail).readBigUInt64LE(0));
    const list =
      length > 0 && length <= size - TAIL ? readAt(file, Buffer.alloc(length), size - TAIL - length) : null;
    const isWhole =
      tail !== null &&
      list !== null &&
      Buffer.from(tail.subarray(40)).toString() === MAGIC &&
      sha256(list).equals(tail.subarray(8, 40));
    if (!isWhole) {
      closeSync(file);
      return null;
    }
    const { header, parts } = JSON.parse(Buffer.from(list).toString()) as Listed<H>;
    const partOf = (name: string) => {
      const found = parts.find((part) => part.name === name);
      if (found === undefined) throw new Error(`${path} has no part ${name}`);
      return found;
    };
    return {
      header,
      bytesOf: (name) => partOf(name).bytes,
      read(name, into) {
        const part = partOf(name);
        const bytes = readAt(file, into ?? new Uint8Array(part.bytes), part.at);
        const isRight = (crc: number, at: number): boolean =>
          crc32?.((bytes as Uint8Array).subarray(at * AT_ONCE, (at + 1) * AT_ONCE)) === crc;
        if (bytes?.length !== part.bytes || !part.crcs.every(isRight))
          throw new Error(`${path} is damaged in its part ${name}`);
        return bytes;
      },
      close: () => closeSync(file),
    };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Null: it ends before. */
function readAt(file: number, into: Uint8Array, from: number): Uint8Array | null {
  if (from < 0) return null;
  for (let done = 0; done < into.length; ) {
    const some = readSync(file, into, done, Math.min(AT_ONCE, into.length - done), from + done);
    if (some === 0) return null;
    done += some;
  }
  return into;
}

/** Of processes that were killed while they wrote. */
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
