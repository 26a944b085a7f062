import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type DiskPath, isInside } from './disk-path.js';

/** A root as given, and its real path; null: it does not exist. */
export interface Root {
  given: Buffer;
  real: Buffer | null;
}

export async function rootOf(folder: string): Promise<Root> {
  return { given: Buffer.from(resolve(folder)), real: await realBytes(folder).catch(() => null) };
}

/** Returns the absolute path. A path of bytes is absolute, since only a URL names one. */
export const absolute = (path: DiskPath): Buffer =>
  typeof path === 'string' ? Buffer.from(resolve(path)) : path;

/** Returns the path with all links followed. */
export const realBytes = (path: DiskPath): Promise<Buffer> => realpath(path, { encoding: 'buffer' });

/** Returns whether a path without links in it is in a root. */
export const isWithin = (real: Buffer, roots: readonly Root[]): boolean =>
  roots.some((root) => root.real !== null && isInside(real, root.real));

/** Returns the root whose path is a prefix of an absolute path, links not followed; null: none. */
export function rootAround(path: Buffer, roots: readonly Root[]): Buffer | null {
  const folders = roots.flatMap(({ given, real }) => (real === null ? [given] : [given, real]));
  return folders.find((folder) => isInside(path, folder)) ?? null;
}
