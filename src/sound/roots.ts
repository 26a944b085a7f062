import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { usageFault } from '../fault.js';

/** A library that is in another place than its catalog says. */
export interface MovedPrefix {
  /** As the catalog writes it: `/Volumes/Old`, `C:\Samples`, or a relative `samples`; without a slash at the end. */
  from: string;
  /** An absolute folder. */
  to: string;
}

/** The only folders from which files are read. */
export interface SoundRoots {
  /** Absolute, in the order in which relative paths are tried; the targets of `moved` are included. */
  folders: readonly string[];
  moved: readonly MovedPrefix[];
  /** The folders are those of a catalog that is itself a folder. Default: SAMPLES_ROOT names them. */
  ofCatalog?: boolean;
}

export const NO_ROOTS: SoundRoots = { folders: [], moved: [] };

/** A colon separates entries, except after the drive letter of a Windows path at an entry's start. */
const DELIMITER = /(?<!(?:^|:)[A-Za-z]):/;
/** `old=new`: `=` counts only before an absolute path, so that a folder may be called `a=b`. */
const MOVED = /^(.*?)=(?=[/~])(.*)$/s;
const CURE =
  'write /music/Samples, or old-prefix=/music/Samples for a library that moved; several with ":" between them';

/**
 * Parses SAMPLES_ROOT: folders and `old-prefix=new-prefix` entries, separated by colons; `~` is the user's home. A folder
 * that is written with `..` is meant as the shell's `cd` means it; paths of the catalog may be written in the same way.
 * Does not access the disk. Throws a usage Fault that names the entry.
 */
export function parseSoundRoots(text: string): SoundRoots {
  const entries = text
    .split(DELIMITER)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (entries.length === 0) throw usageFault(`SAMPLES_ROOT names no folder: ${CURE}`);
  const folders = new Set<string>();
  const moved: MovedPrefix[] = [];
  for (const entry of entries) {
    const [, from, to = entry] = MOVED.exec(entry) ?? [];
    const written = withoutEnd(inHome(to));
    if (!written.startsWith('/')) throw usageFault(noFolder(entry));
    const folder = resolve(written);
    folders.add(folder);
    if (folder !== written) moved.push({ from: written, to: folder });
    if (from === undefined) continue;
    const prefix = withoutEnd(inHome(from.trim()));
    if (prefix === '')
      throw usageFault(`SAMPLES_ROOT: ${shown(entry)} has no old prefix before its "=": ${CURE}`);
    moved.push({ from: prefix, to: folder });
  }
  return { folders: [...folders], moved };
}

/** Throws a usage Fault for the first root that is missing, is not a folder or cannot be accessed. */
export async function checkSoundRoots({ folders, ofCatalog = false }: SoundRoots): Promise<void> {
  for (const folder of folders) {
    const found = await stat(folder).catch((error: NodeJS.ErrnoException) => error);
    if (!(found instanceof Error) && found.isDirectory()) continue;
    const named = `${ofCatalog ? "The catalog's folder" : 'SAMPLES_ROOT:'} ${shown(folder)}`;
    throw usageFault(`${named} ${found instanceof Error ? trouble(found) : NO_FOLDER}`);
  }
}

const NO_FOLDER = 'is not a folder: name the folder that holds the samples';

function trouble({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'is not there: connect its disk, or correct its path';
  if (code === 'ENOTDIR') return NO_FOLDER;
  if (code === 'EACCES' || code === 'EPERM')
    return 'cannot be read by this user: give this user the right to read it';
  return `cannot be read (${code ?? message}): check its disk`;
}

function noFolder(entry: string): string {
  if (/^[a-z]:/i.test(entry) || entry.startsWith('\\\\'))
    return `SAMPLES_ROOT: ${shown(entry)} is a path of Windows: say where it lies here, as ${entry}=/music/Samples`;
  return `SAMPLES_ROOT: ${shown(entry)} is no absolute path: ${CURE}`;
}

const shown = (text: string): string => `"${text}"`;

/** Removes slashes at the end, except from a lone `/` or `\`. */
const withoutEnd = (path: string): string => path.replace(/(?<=.)[/\\]+$/s, '');

/** Expands `~/Samples`: no shell does so in a file. Without a home it stays, and is refused as not absolute. */
function inHome(path: string): string {
  if (path !== '~' && !path.startsWith('~/')) return path;
  try {
    return join(homedir(), path.slice(1));
  } catch {
    return path;
  }
}
