import { isAscii } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { usageFault } from '../fault.js';
import { CHUNK, firstBytes } from './text-of-file.js';
import { type BadBytes, Utf8Check } from './utf8-faults.js';

/** In which encoding a file is read. */
export interface TextForm {
  /** A name of TextDecoder's, like `utf-8`, `utf-16le`, `windows-1252`. */
  encoding: string;
  /** True: it is assumed, since the file is not UTF-8 and nobody said another. */
  isAssumed: boolean;
  /** Bytes that are no UTF-8, in a file that else is UTF-8: each is read as U+FFFD. Null: there are none. */
  bad: BadBytes | null;
}

/** What a person said of a file's encoding: now (`said`), or at an earlier import (`remembered`). */
export interface EncodingChoice {
  said?: string;
  remembered?: string;
}

/** The encoding that Excel writes CSV in, in Western Europe and America. */
const ASSUMED = 'windows-1252';

/** Returns TextDecoder's own name of an encoding. Throws a usage Fault for a name that it does not know. */
export function encodingNamed(name: string): string {
  try {
    return new TextDecoder(name.trim()).encoding;
  } catch (error) {
    throw usageFault(
      `--encoding: ${name} is no encoding that this Node version reads: use a name like utf-8, utf-16le, windows-1252, windows-1251, macintosh, shift_jis, gbk`,
      error,
    );
  }
}

/**
 * Detects the encoding of a file: by its byte order mark, by the zeros of UTF-16, or by its bytes. A file with at
 * least as many valid characters of UTF-8 as bytes that are none is UTF-8 with some faults, as one wrong byte must not
 * alter all the others. Any other is Windows-1252. What a person says takes precedence; what was said earlier does too,
 * unless the file proves another encoding. Throws a usage Fault when there is no file to read.
 */
export async function textFormOf(path: string, { said, remembered }: EncodingChoice = {}): Promise<TextForm> {
  const start = firstBytes(path);
  const told = said === undefined ? null : encodingNamed(said);
  if (told !== null && told !== 'utf-8') return { encoding: told, isAssumed: false, bad: null };
  const wide = told === null ? utf16Of(start) : null;
  if (wide !== null) return { encoding: wide, isAssumed: false, bad: null };

  const { bad, valid } = await checkUtf8(path);
  const hasMark = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf;
  const isMostlyUtf8 = valid > 0 && valid >= bad.count;
  const isProved = hasMark || (bad.count === 0 && valid > 0);
  if (told === null && !isProved && remembered !== undefined) return textFormOf(path, { said: remembered });
  if (told !== null || hasMark || bad.count === 0 || isMostlyUtf8)
    return { encoding: 'utf-8', isAssumed: false, bad: bad.count === 0 ? null : bad };
  return { encoding: ASSUMED, isAssumed: true, bad: null };
}

function utf16Of(start: Buffer): string | null {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const zeros = (from: number): number => start.filter((byte, at) => byte === 0 && at % 2 === from).length;
  if (zeros(1) > start.length / 4) return 'utf-16le';
  return zeros(0) > start.length / 4 ? 'utf-16be' : null;
}

/** Reads the file with Node's own decoder, which is fast, and again byte by byte if it finds a fault. */
async function checkUtf8(path: string): Promise<Pick<Utf8Check, 'bad' | 'valid'>> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const pieces = (): AsyncIterable<Buffer> => createReadStream(path, { highWaterMark: CHUNK });
  let valid = 0;
  try {
    for await (const piece of pieces()) {
      decoder.decode(piece, { stream: true });
      if (!isAscii(piece)) valid += 1;
    }
    decoder.decode();
    return { bad: { count: 0, lines: [] }, valid };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const check = new Utf8Check();
  for await (const piece of pieces()) check.read(piece);
  check.end();
  return check;
}
