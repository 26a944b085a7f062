import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Creates a folder for this process under `.cache`, and removes folders that killed processes left behind. */
export function workFolder(root, purpose) {
  const cache = join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  for (const name of readdirSync(cache)) {
    const pid = /^(?:install|build)-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) remove(join(cache, name));
  }
  const folder = join(cache, `${purpose}-${process.pid}`);
  mkdirSync(folder);
  return folder;
}

/**
 * Renames `finished` to `target`. An older folder is moved aside first, so that no reader finds a mixture of both.
 * When another process has put its folder there in between, that one stays.
 */
export function putInPlace(finished, target) {
  const old = join(dirname(finished), `${basename(target)}.old`);
  try {
    renameSync(target, old);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  try {
    renameSync(finished, target);
  } catch (error) {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
}

export const remove = (path) => rmSync(path, { recursive: true, force: true, maxRetries: 3 });

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
