/**
 * Settings are searched for in the working directory, then in the folders above it, so that a command also works in a
 * subfolder.
 *
 * The threat: on a machine of several users, a file that another user has put above the working directory (in /tmp, on
 * a shared disk) would decide what a command does. So the search ends at the first folder of another owner, and above
 * the working directory only this user's own files count.
 */
import { lstatSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Returns the working directory, then each folder above it, up to and including the user's home or the root. */
export function foldersUpwards(cwd: string): string[] {
  const last = homeFolder();
  const folders = [resolve(cwd)];
  for (let at = resolve(cwd); at !== last && dirname(at) !== at && isOwn(statOf(at)); at = dirname(at))
    if (isOwn(statOf(dirname(at)))) folders.push(dirname(at));
  return folders;
}

/** Returns whether the folder holds such a file or folder; above the working directory it must belong to this user. */
export function holds(folder: string, name: string, kind: 'file' | 'folder', cwd: string): boolean {
  const path = join(folder, name);
  const target = statOf(path);
  if (target === null || !(kind === 'file' ? target.isFile() : target.isDirectory())) return false;
  // For a link, the owner of the link counts, not the owner of its target.
  return folder === resolve(cwd) || isOwn(lstatSync(path, { throwIfNoEntry: false }) ?? null);
}

const isOwn = (stat: Stats | null): boolean => stat !== null && stat.uid === process.getuid?.();

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** Null in a container whose user has no passwd entry. */
export function homeFolder(): string | null {
  try {
    return homedir();
  } catch {
    return null;
  }
}
