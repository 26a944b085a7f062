/** The audio file of a sample, open for reading. */
export interface OpenedSample {
  /** Its own name on the disk, with its extension. */
  name: string;
  /** Bytes. */
  size: number;
  /** When it was last written; absent: not known. */
  modified?: Date;
  /** Length in seconds and rate in hertz of its sound, if known from opening it. */
  measured?: { seconds: number; rate: number };
  /** Reads `length` bytes from `at`; fewer at the end of the file. */
  read(at: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Why a sample's file cannot be opened, as a sentence with its cure. */
export interface RefusedSample {
  refused: string;
}

/** Opens the file that a catalog names (null: none), if it is sound. Does not throw for errors of the disk or file. */
export type OpenSample = (path: string | null) => Promise<OpenedSample | RefusedSample>;

/** A file gave fewer bytes than its size. */
export class EndedEarly extends Error {
  override readonly name = 'EndedEarly';
}

const CHUNK = 256 * 1024;

/** Yields all bytes of a file, in order. Throws EndedEarly, or the error of reading. */
export async function* bytesOf(file: OpenedSample): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; ) {
    const bytes = await file.read(at, Math.min(CHUNK, file.size - at));
    if (bytes.length === 0)
      throw new EndedEarly(`${file.name} ended early: it was changed while it was read`);
    yield bytes;
    at += bytes.length;
  }
}
