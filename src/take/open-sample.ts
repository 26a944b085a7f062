/** The audio file of a sample, open for reading. */
export interface OpenedSample {
  /** Its own name on the disk, with its extension. */
  name: string;
  /** Bytes. */
  size: number;
  /** When it was last written; absent: not known. */
  modified?: Date;
  /** Seconds and hertz of the sound in it, where opening it told them. */
  measured?: { seconds: number; rate: number };
  /** `length` bytes from `at`; fewer where the file ends. */
  read(at: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Why a sample's file cannot be had, as a sentence with its cure. */
export interface RefusedSample {
  refused: string;
}

/** Opens the file that a catalog names, where that is sound; null: it names none. Does not throw for what is on the disk. */
export type OpenSample = (path: string | null) => Promise<OpenedSample | RefusedSample>;

/** A file gave fewer bytes than its size. */
export class EndedEarly extends Error {
  override readonly name = 'EndedEarly';
}

const CHUNK = 256 * 1024;

/** All of its bytes, in order. Throws EndedEarly, or what reading throws. */
export async function* bytesOf(file: OpenedSample): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; ) {
    const bytes = await file.read(at, Math.min(CHUNK, file.size - at));
    if (bytes.length === 0)
      throw new EndedEarly(`${file.name} ended early: it was changed while it was read`);
    yield bytes;
    at += bytes.length;
  }
}
