/**
 * Finds the file for a path of the catalog, and checks that it may be read.
 *
 * The threat: a catalog comes from others, and a folder of samples may contain links made by others. A path in it could
 * name any file of this machine. So a file counts only if its real path, all links followed, is in a root. A folder can
 * be replaced by a link between that check and the opening, so the opened file is checked again.
 */
import { access, constants, type FileHandle, lstat, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { candidatesOf } from './candidates.js';
import { type DiskPath, diskPath, exactPath, shownPath } from './disk-path.js';
import { leadsOut } from './leads-out.js';
import { type FoundFile, openCarefully } from './open-file.js';
import { otherSpelling } from './other-spelling.js';
import { type RefusalKind, refusal, refusalOf, type SoundRefusal, withCure } from './refusal.js';
import type { SoundRoots } from './roots.js';
import { absolute, isWithin, type Root, realBytes, rootAround, rootOf } from './within-roots.js';

export type { FoundFile } from './open-file.js';

export type FoundSound = FoundFile | SoundRefusal;

/** Returns a function that finds files within these roots. `make`: called first with each path, to make its file. */
export const soundFinder =
  (roots: SoundRoots, make?: (path: string) => Promise<void>) =>
  async (path: string | null): Promise<FoundSound> => {
    if (path !== null) await make?.(path);
    return findSound(path, roots);
  };

/** From mild to grave. If several places were tried, the gravest refusal is returned, since it says most. */
const GRAVITY: readonly RefusalKind[] = ['outside', 'gone', 'not-a-file', 'unreadable'];

/**
 * Finds a file. Never throws for what is on the disk, and leaves no file open. `path`: from the catalog; null: none.
 */
export const findSound = (path: string | null, roots: SoundRoots): Promise<FoundSound> =>
  find(path, roots, checkedFile);

/**
 * Returns where the file is, as text that names exactly this file (see exactPath); null if findSound would refuse it.
 * Opens nothing. `links`: whether links in the path are followed. Default: true.
 */
export async function soundPlace(
  path: string | null,
  roots: SoundRoots,
  { links = true } = {},
): Promise<string | null> {
  const found = await find(path, roots, async ({ real, spelled }) => {
    if (!(await lstat(real)).isFile()) return refusal('not-a-file');
    await access(real, constants.R_OK);
    return { kind: 'file' as const, path: exactPath(diskPath(links ? real : absolute(spelled))) };
  });
  return found.kind === 'file' ? found.path : null;
}

interface Located {
  /** All links followed. */
  real: Buffer;
  /** In the disk's own spelling, links not followed. */
  spelled: DiskPath;
}

/** Checks a file within the roots. */
type Check<F> = (at: Located, roots: readonly Root[]) => Promise<F | SoundRefusal>;

async function find<F extends { kind: 'file' }>(
  path: string | null,
  roots: SoundRoots,
  check: Check<F>,
): Promise<F | SoundRefusal> {
  if (path === null || path.trim() === '') return refusal('no-path');
  if (roots.folders.length === 0) return refusal('no-root');
  if (path.includes('\0')) return withCure(refusal('gone', [path]), roots);
  const candidates = candidatesOf(path, roots);
  const within = await Promise.all(roots.folders.map(rootOf));
  let gravest = refusal('outside');
  for (const candidate of candidates) {
    const found = await lookAt(candidate, within, check);
    if (found.kind === 'file') return found;
    if (GRAVITY.indexOf(found.kind) > GRAVITY.indexOf(gravest.kind)) gravest = found;
  }
  const lookedAt = candidates.length === 0 ? [path] : candidates.map(exactPath);
  return withCure({ ...gravest, lookedAt }, roots);
}

async function lookAt<F>(
  candidate: DiskPath,
  roots: readonly Root[],
  check: Check<F>,
): Promise<F | SoundRefusal> {
  try {
    const at = await locate(candidate, roots);
    return at !== null && isWithin(at.real, roots) ? await check(at, roots) : refusal('outside');
  } catch (error) {
    const why = refusalOf(error as NodeJS.ErrnoException);
    // A folder may have just been replaced by a link.
    return (await leadsOut(Buffer.from(candidate), roots)) ? refusal('outside') : why;
  }
}

/** Returns null for a path that leads out of the roots, before anything is looked at there. */
async function locate(candidate: DiskPath, roots: readonly Root[]): Promise<Located | null> {
  if (await leadsOut(Buffer.from(candidate), roots)) return null;
  try {
    return { spelled: candidate, real: await realBytes(candidate) };
  } catch (error) {
    const path = absolute(candidate);
    const around = rootAround(path, roots);
    if (around === null || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    // A path of bytes is exact.
    if (typeof candidate !== 'string') throw error;
    const other = await otherSpelling(around, path.subarray(around.length).toString());
    return (await leadsOut(other, roots)) ? null : { spelled: other, real: await realBytes(other) };
  }
}

async function checkedFile({ real, spelled }: Located, roots: readonly Root[]): Promise<FoundSound> {
  // Opening a device may have effects, so its type is checked first.
  const before = await lstat(real, { bigint: true });
  if (!before.isFile()) return refusal('not-a-file');
  const path = diskPath(real);
  const file = await openCarefully(path);
  try {
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) return refusal('not-a-file');
    if (stats.dev !== before.dev || stats.ino !== before.ino) return refusal('gone');
    if (!(await isOpenedWithin(file, real, roots))) return refusal('outside');
    const { size, mtimeNs, dev, ino } = stats;
    const name = basename(shownPath(spelled));
    return { kind: 'file', path, name, size: Number(size), mtimeNs, dev, ino };
  } finally {
    await file.close();
  }
}

/** Checks the path of the open file: on Linux from the system, elsewhere by resolving the path once more. */
async function isOpenedWithin(file: FileHandle, real: Buffer, roots: readonly Root[]): Promise<boolean> {
  const told = await readlink(`/proc/self/fd/${file.fd}`, { encoding: 'buffer' }).catch(() => null);
  return told === null ? (await realBytes(real)).equals(real) : isWithin(told, roots);
}
