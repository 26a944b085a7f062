import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeZip } from 'client-zip';
import type { SampleHit } from '../search/sample-hit.js';
import { leftOutWords } from './left-out.js';
import { bytesOf } from './open-sample.js';
import type { LeftOut, Ready } from './prepare.js';

export interface ZipOptions {
  /** Called with the number of samples that were handled. */
  progress?: (done: number) => void;
  signal?: AbortSignal;
  /** Adds a text file, LEFT_OUT, that names the samples that were left out, if any. Default: false. */
  tellLeftOut?: boolean;
}

/** No sample has that name: theirs begin with a number. */
const LEFT_OUT = 'Left out.txt';

export interface ZipResult {
  /** In the order of the list; `to`: the path within the zip. */
  packed: { hit: SampleHit; to: string }[];
  leftOut: LeftOut[];
}

/** The dates that a zip can store. */
const FIRST = new Date(1980, 0, 1);
const LAST = new Date(2107, 11, 31);

/**
 * Writes a zip of the samples' files as a stream, without compression, which audio gains little from. Names are UTF-8,
 * and more than 4 GB are allowed. Ends the stream. Throws the errors of writing, and when a file cannot be read to its
 * end: a zip that has begun an entry cannot take it back.
 */
export async function writeZip(
  samples: AsyncIterable<Ready | LeftOut>,
  stream: Writable,
  { progress, signal, tellLeftOut = false }: ZipOptions = {},
): Promise<ZipResult> {
  const result: ZipResult = { packed: [], leftOut: [] };
  let ended = false;
  async function* entries() {
    let done = 0;
    for await (const sample of samples) {
      if ('reason' in sample) result.leftOut.push(sample);
      else {
        try {
          // makeZip goes on asking for entries after its stream was cancelled.
          if (ended) return;
          yield entryOf(sample);
          result.packed.push({ hit: sample.hit, to: pathOf(sample) });
        } finally {
          await sample.file.close();
        }
      }
      done += 1;
      progress?.(done);
    }
    if (tellLeftOut && result.leftOut.length > 0) {
      const lines = result.leftOut.map((each) => `${leftOutWords(each)}\r\n`);
      yield { name: LEFT_OUT, input: lines.join(''), lastModified: new Date() };
    }
  }
  const all = entries();
  const zip = Readable.fromWeb(makeZip(all) as Parameters<typeof Readable.fromWeb>[0]);
  try {
    await pipeline(zip, stream, { ...(signal && { signal }) });
  } catch (error) {
    // makeZip does not end its input: this closes the file that is open.
    ended = true;
    await all.return();
    throw error;
  }
  return result;
}

function entryOf(sample: Ready) {
  const modified = sample.file.modified ?? new Date();
  const lastModified = modified < FIRST ? FIRST : modified > LAST ? LAST : modified;
  return { name: pathOf(sample), input: bytesOf(sample.file), lastModified };
}

const pathOf = ({ bank, name }: Ready): string => (bank === null ? name : `${bank}/${name}`);
