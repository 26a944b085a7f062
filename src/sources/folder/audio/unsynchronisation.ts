import type { Bytes } from './bytes.js';

const HEADER = 10;
/** Bytes; a longer tag is not read at all. */
const LONGEST = 16 * 1_048_576;
const UNSYNCHRONISED = 0x80;

/**
 * Returns an ID3v2.2 or 2.3 tag without the zeros that unsynchronisation inserted, as music-metadata does it only for
 * single frames of 2.4. The tag keeps its length, by zeros at its end. Other bytes are returned as they are.
 */
export function synchronised(tag: Buffer): Buffer {
  const size = sizeOf(tag);
  if (size === null || size > tag.length) return tag;
  const plain = Buffer.alloc(tag.length);
  let end = tag.copy(plain, 0, 0, HEADER);
  for (let at = HEADER; at < size; at++) {
    plain[end++] = tag[at] as number;
    if (tag[at] === 0xff && tag[at + 1] === 0) at += 1;
  }
  plain[5] = (tag[5] as number) & ~UNSYNCHRONISED;
  tag.copy(plain, size, size);
  return plain;
}

/** Returns the file with such a tag at its beginning as `synchronised` returns it. */
export async function withSynchronisedTag(bytes: Bytes): Promise<Bytes> {
  const size = sizeOf(await bytes.read(0, HEADER));
  if (size === null || size > LONGEST) return bytes;
  const tag = synchronised(await bytes.read(0, size));
  return {
    stamp: bytes.stamp,
    async read(at, length) {
      if (at >= tag.length) return bytes.read(at, length);
      const inTag = tag.subarray(at, at + length);
      if (inTag.length === length) return inTag;
      return Buffer.concat([inTag, await bytes.read(tag.length, length - inTag.length)]);
    },
  };
}

/** Returns the length of an unsynchronised tag with its header; null: there is none of these versions. */
function sizeOf(head: Buffer): number | null {
  if (head.length < HEADER || head.toString('latin1', 0, 3) !== 'ID3') return null;
  const [major = 0, , flags = 0, ...size] = head.subarray(3, HEADER);
  if ((major !== 2 && major !== 3) || (flags & UNSYNCHRONISED) === 0) return null;
  return HEADER + size.reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
}
