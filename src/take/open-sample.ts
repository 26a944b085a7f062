import { FileChanged, readFault } from '../sound/open-file.js';

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

const CHUNK = 256 * 1024;

/** Yields all bytes of a file, in order. Throws a Fault that names the file if it ends early or cannot be read. */
export async function* bytesOf(file: OpenedSample): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; ) {
    const bytes = await file.read(at, Math.min(CHUNK, file.size - at)).catch((error: unknown) => {
      throw readFault(file.name, error);
    });
    if (bytes.length === 0) throw new FileChanged(file.name);
    yield bytes;
    at += bytes.length;
  }
}
