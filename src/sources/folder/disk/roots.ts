import { readdir, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { blockedFault, usageFault } from '../../../fault.js';
import { isHidden } from './list-folder.js';
import { codeOf } from './stat.js';

/** What may be wrong with a root, and its cure. */
const TROUBLE: Record<string, string> = {
  ENOENT: 'is not there: connect its disk, or correct its path in the settings',
  ENOTDIR: 'is not a folder: name the folder that holds the samples',
  EACCES: 'cannot be read by this user: give this user the right to read it',
  EPERM:
    'cannot be read by this program: on macOS allow it under Privacy & Security, Files and Folders, else give this user the right',
};

/**
 * Returns the roots as absolute paths, each once, in the order given. A root inside another root comes after it: it may
 * be a folder that is ignored there. Throws a blocked Fault for a root that is missing or unreadable, or that is empty
 * although samples were found in it before (`samplesOf`): a disk that is not mounted often leaves an empty folder.
 */
export async function checkRoots(
  roots: readonly string[],
  samplesOf: (root: string) => number,
): Promise<string[]> {
  if (roots.length === 0) throw usageFault('No sample folder is set: set source.folder');
  const found = new Map<string, string>();
  for (const path of new Set(roots.map((root) => resolve(root)))) {
    const real = await checkRoot(path, samplesOf(path));
    if (!found.has(real)) found.set(real, path);
  }
  const outer = (real: string): number =>
    [...found.keys()].filter((other) => other !== real && isInside(real, other)).length;
  return [...found].sort(([one], [other]) => outer(one) - outer(other)).map(([, path]) => path);
}

export const isInside = (path: string, folder: string): boolean =>
  `${path}/`.startsWith(folder === '/' ? '/' : `${folder}/`);

async function checkRoot(path: string, samples: number): Promise<string> {
  const kept = samples > 0 ? `; what is known of its ${samples} samples is kept` : '';
  try {
    const real = await realpath(path);
    const entries = await readdir(real);
    if (samples === 0 || entries.some((name) => !isHidden(name))) return real;
  } catch (error) {
    const trouble = TROUBLE[codeOf(error)] ?? `cannot be read (${(error as Error).message}): check its disk`;
    throw blockedFault(`The folder ${path} ${trouble}${kept}`, error);
  }
  throw blockedFault(
    `The folder ${path} is empty, but held ${samples} samples before: connect its disk${kept}. If they are really gone, ` +
      'take the folder out of the settings',
  );
}
