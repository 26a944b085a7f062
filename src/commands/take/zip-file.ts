import { randomBytes } from 'node:crypto';
import { createWriteStream, realpathSync, rmSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { Fault } from '../../fault.js';
import type { SampleHit } from '../../search/sample-hit.js';
import type { OpenSample } from '../../take/open-sample.js';
import { isPlanned, type Layout, openPlanned, planSamples } from '../../take/prepare.js';
import { bytesOnDisk, bytesWords, type DiskRoom, roomOf } from '../../take/room.js';
import { writeZip, type ZipResult } from '../../take/zip.js';

export interface ZipFileOptions {
  open: OpenSample;
  layout: Layout;
  progress?: (done: number, total: number) => void;
  signal?: AbortSignal;
  /** Default: roomOf. */
  room?: (folder: string) => Promise<DiskRoom | null>;
}

/** `stopped`: why there is no zip, with the cure; null: there is one. */
export type ZipFileResult = ZipResult & { stopped: string | null };

/** Bytes that a zip needs for each entry's headers: the file's name, twice, with its size and time. */
const ENTRY_BYTES = 512;

/** Writes a zip of the samples' files, whole or not at all. A device or a pipe is written to directly. */
export async function writeZipFile(
  samples: readonly SampleHit[],
  path: string,
  { open, layout, progress, signal, room = roomOf }: ZipFileOptions,
): Promise<ZipFileResult> {
  const there = statSync(path, { throwIfNoEntry: false });
  const inPlace = there !== undefined && !there.isFile();
  const none = { packed: [], leftOut: [] };
  try {
    const plan = await planSamples(samples, open, layout, signal);
    const leftOut = plan.flatMap((each) => (isPlanned(each) ? [] : [each]));
    const sizes = plan.filter(isPlanned).map(({ bytes }) => bytes + ENTRY_BYTES);
    const short = inPlace ? null : whyShort(sizes, await room(dirname(path)));
    if (short !== null) return { packed: [], leftOut, stopped: short };
    const done = await streamWhole(path, inPlace, (stream) =>
      writeZip(openPlanned(plan, open), stream, {
        ...(progress && { progress: (number: number) => progress(number, samples.length) }),
        ...(signal && { signal }),
      }),
    );
    return { ...done, stopped: null };
  } catch (error) {
    if (signal?.aborted === true)
      return { ...none, stopped: 'it was interrupted: give the same command again' };
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') return { ...none, stopped: `its disk is full: ${ELSEWHERE}` };
    if (error instanceof Fault) return { ...none, stopped: message };
    if (code === undefined) throw error;
    return { ...none, stopped: `it cannot be written (${message}): check its disk, or name another file` };
  }
}

const ELSEWHERE = 'make room, or name a file on another disk';

function whyShort(sizes: readonly number[], room: DiskRoom | null): string | null {
  if (room === null) return null;
  const needed = bytesOnDisk([sizes.reduce((sum, size) => sum + size, 0)], room);
  return needed <= room.free
    ? null
    : `its disk has ${bytesWords(room.free)} free, and ${bytesWords(needed)} are needed: ${ELSEWHERE}`;
}

/** Writes to a temporary file beside the target, then renames it. */
async function streamWhole<T>(
  path: string,
  inPlace: boolean,
  write: (stream: Writable) => Promise<T>,
): Promise<T> {
  if (inPlace) return write(createWriteStream(path));
  const target = statSync(path, { throwIfNoEntry: false }) === undefined ? path : realpathSync(path);
  const beside = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const written = await write(createWriteStream(beside, { flags: 'wx' }));
    await rename(beside, target);
    return written;
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
