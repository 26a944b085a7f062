import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** Counts the files of a folder that this process has open. Linux only, which has `/proc`. */
export const openFilesIn = (folder: string): number =>
  readdirSync('/proc/self/fd').filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(folder);
    } catch {
      // Closed meanwhile.
      return false;
    }
  }).length;

/** Counts them once at most `expected` are left, or after two seconds: another thread closes files. */
export async function settledFilesIn(folder: string, expected: number): Promise<number> {
  for (let round = 0; round < 200 && openFilesIn(folder) > expected; round++) await wait(10);
  return openFilesIn(folder);
}
