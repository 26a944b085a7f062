/** A file that is read in parts. */
export interface Readable {
  /** Reads `length` bytes from `at`; fewer at the end of the file. */
  read(at: number, length: number): Promise<Buffer>;
}

/** A part of a RIFF or AIFF file. */
export interface Chunk {
  id: string;
  /** Where its content begins. */
  at: number;
  /** Bytes according to its header, which may be more than the file has. */
  size: number;
}

/** More chunks than any program writes: the rest of the file is something else. */
const MOST = 1000;
const ID = /^[\x20-\x7e]{4}$/;

/**
 * Yields the chunks from `at` to the file's end. `sizeOf` corrects a size that a chunk gives (RF64). Ends without an
 * error where no chunk follows.
 */
export async function* chunksOf(
  file: Readable,
  { at, bigEndian, sizeOf }: { at: number; bigEndian: boolean; sizeOf?: (chunk: Chunk) => number },
): AsyncGenerator<Chunk> {
  let next = at;
  for (let count = 0; count < MOST; count++) {
    let header = await file.read(next, 8);
    // Some programs omit the padding byte after a chunk of odd size.
    if (next > at && !isHeader(header) && isHeader(await file.read(next - 1, 8)))
      header = await file.read(--next, 8);
    if (!isHeader(header)) return;
    const given = bigEndian ? header.readUInt32BE(4) : header.readUInt32LE(4);
    const chunk = { id: header.toString('latin1', 0, 4), at: next + 8, size: given };
    const size = sizeOf?.(chunk) ?? given;
    yield { ...chunk, size };
    next += 8 + size + (size % 2);
  }
}

const isHeader = (bytes: Buffer): boolean => bytes.length >= 8 && ID.test(bytes.toString('latin1', 0, 4));
