import { type DiskPath, diskPath, pathOfText } from './disk-path.js';
import type { MovedPrefix, SoundRoots } from './roots.js';

const isOfWindows = (path: string): boolean => /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path);

/**
 * Returns where a path of the catalog may be on this machine, as absolute paths, the likeliest first: under a moved
 * prefix (the longest first), then as it is, or below each root. Empty: a Windows path that no prefix covers. Does not
 * access the disk or check anything: `..` stays as it is. `written` may be a `file:` URL, as some programs write.
 */
export function candidatesOf(written: string, roots: SoundRoots): DiskPath[] {
  const path = pathOfText(written);
  if (typeof path === 'string') return candidatesOfText(path, roots);
  // Each byte as one character: all rules are of ASCII.
  const asBytes = (text: string): string => Buffer.from(text).toString('latin1');
  const folders = roots.folders.map(asBytes);
  const moved = roots.moved.map(({ from, to }) => ({ from: asBytes(from), to: asBytes(to) }));
  return candidatesOfText(path.toString('latin1'), { folders, moved }).map((each) =>
    diskPath(Buffer.from(each, 'latin1')),
  );
}

function candidatesOfText(path: string, { folders, moved }: SoundRoots): string[] {
  const longestFirst = [...moved].sort((one, other) => other.from.length - one.from.length);
  const mapped = longestFirst.flatMap((prefix) => underMoved(path, prefix));
  return [...new Set([...mapped, ...asWritten(path, folders)])];
}

function asWritten(path: string, folders: readonly string[]): string[] {
  if (path.startsWith('/')) return [path];
  if (isOfWindows(path)) return [];
  // Usually a backslash comes from a catalog made on Windows, but here it may be part of a name.
  const forms = path.includes('\\') ? [path, path.replaceAll('\\', '/')] : [path];
  return folders.flatMap((folder) => forms.map((form) => below(folder, form)));
}

function underMoved(path: string, { from, to }: MovedPrefix): string[] {
  const windows = isOfWindows(`${from}\\`) || from.includes('\\');
  const whole = windows ? path.replaceAll('\\', '/') : path;
  const prefix = windows ? from.replaceAll('\\', '/') : from;
  const start = prefix.endsWith('/') ? prefix : `${prefix}/`;
  const same = (one: string, other: string): boolean =>
    windows ? one.toLowerCase() === other.toLowerCase() : one === other;
  return same(whole.slice(0, start.length), start) ? [below(to, whole.slice(start.length))] : [];
}

const below = (folder: string, rest: string): string =>
  folder.endsWith('/') ? `${folder}${rest}` : `${folder}/${rest}`;
