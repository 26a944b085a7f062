import { createHash } from 'node:crypto';
import * as zlib from 'node:zlib';

/** The list in a file of parts. The file has the bytes of all parts, this list as JSON, and a tail that locates it. */
export interface Listed<H> {
  header: H;
  parts: { name: string; at: number; bytes: number; crcs: number[] }[];
}

export const MAGIC = 'sample-embeddings parts 1\n';
export const TAIL = 8 + 32 + MAGIC.length;
/** Bytes of a piece. */
export const AT_ONCE = 16 * 1024 * 1024;

/** Checksum of each piece of a part: twice as fast as a hash. Needs Node 20.15; before, no index is saved. */
export const crc32 = (zlib as { crc32?: (bytes: Uint8Array) => number }).crc32;

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
