import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { basename, isAbsolute, join, sep } from 'node:path';
import type { Settings } from '../../config.js';
import type { OpenedSample, OpenSample } from '../../take/open-sample.js';

/** The files of a catalog on this machine: of a folder within its roots, else within SAMPLES_ROOT, where that is set. */
export function localFiles({
  collection,
  environment,
}: Pick<Settings, 'collection' | 'environment'>): OpenSample {
  const { SAMPLES_ROOT: root } = environment;
  const roots = collection.folder?.roots ?? (root === undefined ? [] : [root]);
  return async (path) => {
    if (path === null || path.includes('\0'))
      return { refused: 'the catalog names no file for it: fill its column of paths' };
    if (!isAbsolute(path) && roots.length === 0)
      return { refused: `${path} is no whole path: set SAMPLES_ROOT to the folder that it lies in` };
    const candidates = isAbsolute(path) ? [path] : roots.map((each) => join(each, path));
    let refused = '';
    for (const candidate of candidates) {
      const opened = await openWithin(candidate, roots);
      if ('read' in opened) return opened;
      refused ||= opened.refused;
    }
    return { refused };
  };
}

async function openWithin(path: string, roots: readonly string[]): ReturnType<OpenSample> {
  try {
    const real = await realpath(path);
    const realRoots = await Promise.all(roots.map((root) => realpath(root).catch(() => root)));
    if (
      roots.length > 0 &&
      !realRoots.some((root) => real.startsWith(root.endsWith(sep) ? root : root + sep))
    )
      return { refused: `${path} lies outside of ${roots.join(', ')}: correct its path or SAMPLES_ROOT` };
    return await openRegular(real);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return { refused: `${path} is not there: connect its disk, or correct its path` };
    if (code === 'EACCES' || code === 'EPERM')
      return { refused: `${path} may not be read: give this user the right to read it` };
    return { refused: `${path} cannot be read (${code ?? message}): check its disk` };
  }
}

async function openRegular(path: string): ReturnType<OpenSample> {
  // Does not wait for the other end of a pipe.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  const stats = await file.stat();
  if (!stats.isFile()) {
    await file.close();
    return { refused: `${path} is no regular file: correct its path` };
  }
  const opened: OpenedSample = {
    ...{ name: basename(path), size: stats.size, modified: stats.mtime },
    async read(at, length) {
      const buffer = Buffer.allocUnsafe(length);
      const { bytesRead } = await file.read(buffer, 0, length, at);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
  return opened;
}
