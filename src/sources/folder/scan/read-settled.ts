import { setTimeout as sleep } from 'node:timers/promises';
import { CUT_SHORT } from '../audio/facts.js';
import { type ReadFile, readAudio } from '../audio/read-audio.js';
import type { DiskPath } from '../disk/paths.js';
import { type FileStamp, sameStamp } from '../disk/stat.js';

/** A file that was written to less than this ago may be half copied, in milliseconds. */
const FRESH_MS = 5000;
/** A fresh file must stay unchanged for this long, in milliseconds. */
const STILL_MS = 500;

/**
 * Reads a file; null when it is still being written. A file that was written to less than 5 s ago is checked again
 * after half a second: it must be unchanged, and whole as its header tells. Where no header tells, it is not read while
 * it is that fresh: a copy may pause for longer than half a second. `lookedAt`: when `stamp` was taken, by
 * performance.now().
 */
export async function readSettled(
  file: { path: DiskPath; name: string; stamp: FileStamp; lookedAt: number },
  signal?: AbortSignal,
): Promise<ReadFile | null> {
  const { path, name, stamp, lookedAt } = file;
  if (!isFresh(stamp)) return readAudio(path, name);
  const rest = lookedAt + STILL_MS - performance.now();
  if (rest > 0) await sleep(rest, undefined, signal && { signal });
  const read = await readAudio(path, name);
  const whole = read.facts !== null && read.problem !== CUT_SHORT && read.facts.openEnd !== true;
  return whole && sameStamp(read.stamp, stamp) ? read : null;
}

/** A time in the future is a wrong clock, not a copy under way. */
function isFresh({ mtime }: FileStamp): boolean {
  const age = Date.now() - Number(BigInt(mtime) / 1_000_000n);
  return age >= 0 && age < FRESH_MS;
}
