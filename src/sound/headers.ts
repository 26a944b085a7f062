/**
 * Checks of headers behind their magic bytes: any text may begin with a few letters. Each field that is checked holds
 * bytes that no text contains. All take a file's first bytes.
 */

/** Returns whether FLAC begins here: its first block is STREAMINFO, which is whole. */
export const isFlac = (head: Buffer): boolean =>
  head.length >= 42 &&
  head.toString('latin1', 0, 4) === 'fLaC' &&
  ((head[4] as number) & 0x7f) === 0 &&
  head.readUIntBE(5, 3) === 34;

/** Returns the payload of an Ogg page that begins a stream; null: there is no such page, or it is not whole. */
export function firstOggPacket(head: Buffer): Buffer | null {
  const [version, flags = 0, segments = 0] = [head[4], head[5], head[26]];
  if (version !== 0 || (flags & 0xf8) !== 0 || (flags & IS_FIRST) === 0 || segments === 0) return null;
  const at = 27 + segments;
  const length = head.subarray(27, at).reduce((sum, size) => sum + size, 0);
  return length > 0 && at + length <= head.length ? head.subarray(at, at + length) : null;
}

const IS_FIRST = 2;

/** Returns the document type of an EBML file that has a segment; null: it is no such file. */
export function ebmlType(head: Buffer): string | null {
  const header = element(head, 0);
  if (header?.id !== 0x1a45dfa3 || element(head, header.end)?.id !== 0x18538067) return null;
  for (let at = header.at; at < header.end; ) {
    const field = element(head, at);
    if (field === null || field.end > header.end) return null;
    if (field.id === 0x4282) return head.toString('latin1', field.at, field.end).replace(/\0+$/, '');
    at = field.end;
  }
  return null;
}

/** Reads the start of an EBML element: the leading zero bits of id and size tell how many bytes each has. */
function element(bytes: Buffer, from: number): { id: number; at: number; end: number } | null {
  const idLength = Math.clz32(bytes[from] ?? 0) - 23;
  const sizeLength = Math.clz32(bytes[from + idLength] ?? 0) - 23;
  const at = from + idLength + sizeLength;
  if (idLength > 4 || sizeLength > 8 || at > bytes.length) return null;
  let size = (bytes[from + idLength] as number) & (0xff >> sizeLength);
  for (const byte of bytes.subarray(from + idLength + 1, at)) size = size * 256 + byte;
  return { id: bytes.readUIntBE(from, idLength), at, end: at + size };
}

/** A file of version 1 whose first chunk is the description. */
export const isCaf = (head: Buffer): boolean =>
  head.length >= 52 &&
  head.readUInt32BE(4) === 0x0001_0000 &&
  head.toString('latin1', 8, 12) === 'desc' &&
  head.readBigInt64BE(12) === 32n;

export function isWavPack(head: Buffer): boolean {
  if (head.length < 32) return false;
  const version = head.readUInt16LE(8);
  return head.readUInt32LE(4) >= 24 && version >= 0x402 && version <= 0x410;
}

/** The version times 1000; 3.80 and above are known. */
export function isMonkeysAudio(head: Buffer): boolean {
  const version = head.length < 32 ? 0 : head.readUInt16LE(4);
  return version >= 3800 && version < 4200;
}

/** A stream header of version 8. */
export const isMusepack = (head: Buffer): boolean =>
  head.toString('latin1', 4, 6) === 'SH' && (head[6] as number) < 0x20 && head[11] === 8;

/** DSF: the first chunk has 28 bytes. DSDIFF: a form of DSD, of less than 2⁴⁸ bytes. */
export const isDsf = (head: Buffer): boolean => head.length >= 28 && head.readBigUInt64LE(4) === 28n;
export const isDsdiff = (head: Buffer): boolean =>
  head.length >= 16 && head.readUInt16BE(4) === 0 && head.toString('latin1', 12, 16) === 'DSD ';

/** Numbers of the encoding and of the channels are small. */
export const isAu = (head: Buffer): boolean =>
  head.length >= 24 &&
  head.readUInt32BE(4) >= 24 &&
  [12, 20].every((at) => head.readUInt32BE(at) >= 1 && head.readUInt32BE(at) <= 255);

/** A header object of some objects, with its two reserved bytes. */
export const isAsf = (head: Buffer): boolean =>
  head.length >= 30 &&
  head.readBigUInt64LE(16) >= 30n &&
  head.readUInt32LE(24) > 0 &&
  head.readUInt16BE(28) === 0x0102;
