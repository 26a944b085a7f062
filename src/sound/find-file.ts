/**
 * Finds the file for a path of the catalog, and checks that it may be read.
 *
 * The threat: a catalog comes from others, and a folder of samples may contain links made by others. A path in it could
 * name any file of this machine. So a file counts only if its real path, all links followed, is in a root. A folder can
 * be replaced by a link between that check and the opening, so the opened file is checked again.
 */
import { access, constants, type FileHandle, lstat, readlink, realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { candidatesOf } from './candidates.js';
import { type DiskPath, diskPath, isInside, shownPath } from './disk-path.js';
import { type FoundFile, openCarefully } from './open-file.js';
import { otherSpelling } from './other-spelling.js';
import { type RefusalKind, refusal, refusalOf, type SoundRefusal } from './refusal.js';
import type { SoundRoots } from './roots.js';

export type { FoundFile } from './open-file.js';

export type FoundSound = FoundFile | SoundRefusal;

/** Returns a function that finds files within these roots. `make`: called first with each path, to make its file. */
export const soundFinder =
  (roots: SoundRoots, make?: (path: string) => Promise<void>) =>
  async (path: string | null): Promise<FoundSound> => {
    if (path !== null) await make?.(path);
    return findSound(path, roots);
  };

/** A root as given, and its real path; null: it does not exist. */
interface Root {
  given: Buffer;
  real: Buffer | null;
}

/** From mild to grave. If several places were tried, the gravest refusal is returned, since it says most. */
const GRAVITY: readonly RefusalKind[] = ['outside', 'gone', 'not-a-file', 'unreadable'];

/**
 * Finds a file. Never throws for what is on the disk, and leaves no file open. `path`: from the catalog; null: none.
 */
export const findSound = (path: string | null, roots: SoundRoots): Promise<FoundSound> =>
  find(path, roots, checkedFile);

/** Returns where the file is, all links followed; null if findSound would refuse it. Opens nothing. */
export async function soundPlace(path: string | null, roots: SoundRoots): Promise<DiskPath | null> {
  const found = await find(path, roots, async (real) => {
    if (!(await lstat(real)).isFile()) return refusal('not-a-file');
    await access(real, constants.R_OK);
    return { kind: 'file' as const, path: diskPath(real) };
  });
  return found.kind === 'file' ? found.path : null;
}

/** Checks a file within the roots. */
type Check<F> = (real: Buffer, name: string, roots: readonly Root[]) => Promise<F | SoundRefusal>;

async function find<F extends { kind: 'file' }>(
  path: string | null,
  roots: SoundRoots,
  check: Check<F>,
): Promise<F | SoundRefusal> {
  if (path === null || path.trim() === '') return refusal('no-path');
  if (roots.folders.length === 0) return refusal('no-root');
  if (path.includes('\0')) return refusal('gone', [path]);
  const candidates = candidatesOf(path, roots);
  const within = await Promise.all(roots.folders.map(rootOf));
  let gravest = refusal('outside');
  for (const candidate of candidates) {
    const found = await lookAt(candidate, within, check);
    if (found.kind === 'file') return found;
    if (GRAVITY.indexOf(found.kind) > GRAVITY.indexOf(gravest.kind)) gravest = found;
  }
  return { ...gravest, lookedAt: candidates.length === 0 ? [path] : candidates };
}

async function rootOf(folder: string): Promise<Root> {
  return { given: Buffer.from(resolve(folder)), real: await realBytes(folder).catch(() => null) };
}

const realBytes = (path: DiskPath): Promise<Buffer> => realpath(path, { encoding: 'buffer' });

async function lookAt<F>(
  candidate: string,
  roots: readonly Root[],
  check: Check<F>,
): Promise<F | SoundRefusal> {
  try {
    const { spelled, real } = await realPathOf(candidate, roots);
    if (!isWithin(real, roots)) return refusal('outside');
    return await check(real, basename(shownPath(spelled)), roots);
  } catch (error) {
    const why = refusalOf(error as NodeJS.ErrnoException);
    // Outside the roots, the refusal must not reveal whether a file exists.
    return rootAround(resolve(candidate), roots) === null ? refusal('outside') : why;
  }
}

/** Returns the real path. `spelled`: the path in the disk's own spelling, links not followed. */
async function realPathOf(
  candidate: string,
  roots: readonly Root[],
): Promise<{ spelled: DiskPath; real: Buffer }> {
  try {
    return { spelled: candidate, real: await realBytes(candidate) };
  } catch (error) {
    const path = resolve(candidate);
    const around = rootAround(path, roots);
    if (around === null || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const other = await otherSpelling(around, path.slice(around.toString().length));
    if (other === null) throw error;
    return { spelled: other, real: await realBytes(other) };
  }
}

const isWithin = (real: Buffer, roots: readonly Root[]): boolean =>
  roots.some((root) => root.real !== null && isInside(real, root.real));

/** Returns the root whose path is a prefix of an absolute path, links not followed; null: none. */
function rootAround(path: string, roots: readonly Root[]): Buffer | null {
  const bytes = Buffer.from(path);
  const folders = roots.flatMap(({ given, real }) => (real === null ? [given] : [given, real]));
  return folders.find((folder) => isInside(bytes, folder)) ?? null;
}

async function checkedFile(real: Buffer, name: string, roots: readonly Root[]): Promise<FoundSound> {
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
