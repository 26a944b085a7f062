import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { AT_ONCE, crc32, type Listed, MAGIC, sha256, TAIL } from './parts-file.js';

export interface PartsFile<H> {
  header: H;
  bytesOf(name: string): number;
  /** Reads a part into `into`, or into a new buffer. Throws if the part is damaged. */
  read(name: string, into?: Uint8Array): Uint8Array;
  close(): void;
}

/** Opens a file of parts; null: there is no such file, or it is incomplete. Throws if it cannot be read. */
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

/** Fills `into` from an offset; null: the file ends before. */
function readAt(file: number, into: Uint8Array, from: number): Uint8Array | null {
  if (from < 0) return null;
  for (let done = 0; done < into.length; ) {
    const some = readSync(file, into, done, Math.min(AT_ONCE, into.length - done), from + done);
    if (some === 0) return null;
    done += some;
  }
  return into;
}
