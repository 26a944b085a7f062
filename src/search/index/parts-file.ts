import { createHash } from 'node:crypto';
import * as zlib from 'node:zlib';

/** A file of several parts: their bytes, a list of them as JSON, and the tail, by which the list is found. */
export interface Listed<H> {
  header: H;
  parts: { name: string; at: number; bytes: number; crcs: number[] }[];
}

export const MAGIC = 'sample-embeddings parts 1\n';
export const TAIL = 8 + 32 + MAGIC.length;
/** Bytes of a piece. */
export const AT_ONCE = 16 * 1024 * 1024;

/** Of each piece of a part: twice as quick as a hash. Node has it from 20.15 on; before, nothing is kept. */
export const crc32 = (zlib as { crc32?: (bytes: Uint8Array) => number }).crc32;

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
