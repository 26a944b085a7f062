/**
 * Where settings are looked for: the working directory, then the folders above it, so that a command works from a
 * subfolder too.
 *
 * The threat: on a machine of several users, a file that somebody else has put above the working directory (in /tmp, on
 * a shared disk) would decide what a command does. So the way up ends at the first folder of another owner, and above
 * the working directory only what is this user's own counts.
 */
import { lstatSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** The working directory, then each folder above it, up to the user's home or the root, these included. */
export function foldersUpwards(cwd: string): string[] {
  const last = homeFolder();
  const folders = [resolve(cwd)];
  for (let at = resolve(cwd); at !== last && dirname(at) !== at && isOwn(statOf(at)); at = dirname(at))
    if (isOwn(statOf(dirname(at)))) folders.push(dirname(at));
  return folders;
}

/** Whether the folder holds such a file or folder, and, above the working directory, one of this user. */
export function holds(folder: string, name: string, kind: 'file' | 'folder', cwd: string): boolean {
  const path = join(folder, name);
  const target = statOf(path);
  if (target === null || !(kind === 'file' ? target.isFile() : target.isDirectory())) return false;
  // Of a link: whose it is, not whose that is which it names.
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

/** Null for a user of a container whom no passwd file knows. */
export function homeFolder(): string | null {
  try {
    return homedir();
  } catch {
    return null;
  }
}
