import { createHash } from 'node:crypto';
import type { Bytes } from './bytes.js';

const PIECE = 16_384;

/**
 * Returns a hash of a file's size and of its head, middle and tail (up to 48 KiB the whole file), 128 bits in hex. It
 * identifies a moved file. The row of a moved file is still made from the file itself.
 */
export async function contentHash(bytes: Bytes): Promise<string> {
  const { size } = bytes.stamp;
  const hash = createHash('sha256').update(`${size}\n`);
  if (size <= 3 * PIECE) hash.update(await bytes.read(0, size));
  else {
    for (const at of [0, Math.floor((size - PIECE) / 2), size - PIECE])
      hash.update(await bytes.read(at, PIECE));
  }
  return hash.digest('hex').slice(0, 32);
}
