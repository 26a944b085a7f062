import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { usageFault } from '../../fault.js';

/**
 * Creates a folder and its missing parents one by one. `mkdir` with `recursive` retries for ever where a parent cannot
 * be created, as below /proc. Throws a usage Fault that names the path in the way.
 */
export async function makeFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    const stats = await stat(at).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      throw cannotMake(path, error);
    });
    if (stats?.isDirectory() === true) break;
    if (stats !== null)
      throw usageFault(`${at} exists and is not a folder: remove it, or choose another folder`);
    missing.unshift(at);
    if (dirname(at) === at) break;
  }
  for (const each of missing)
    await mkdir(each).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOSPC' || error.code === 'EDQUOT') throw error;
      if (error.code !== 'EEXIST') throw cannotMake(each, error);
    });
}

const cannotMake = (path: string, error: NodeJS.ErrnoException) =>
  usageFault(`${path} cannot be made (${error.code ?? error.message}): choose another folder`, error);
