import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { usageFault } from '../fault.js';

/** A library that lies elsewhere than its catalog says. */
export interface MovedPrefix {
  /** As the catalog writes it: `/Volumes/Old`, `C:\Samples`, or a relative `samples`; no slash at its end. */
  from: string;
  /** An absolute folder. */
  to: string;
}

/** Outside of these folders no file is ever read. */
export interface SoundRoots {
  /** Absolute, in the order in which relative paths are looked for; those that `moved` leads to are among them. */
  folders: readonly string[];
  moved: readonly MovedPrefix[];
}

export const NO_ROOTS: SoundRoots = { folders: [], moved: [] };

/** A colon parts entries, but for that of a Windows drive at an entry's beginning. */
const DELIMITER = /(?<!(?:^|:)[A-Za-z]):/;
/** `old=new`: what follows the sign is an absolute path, so that a folder `a=b` needs no care. */
const MOVED = /^(.*?)=(?=[/~])(.*)$/s;
const CURE =
  'write /music/Samples, or old-prefix=/music/Samples for a library that moved; several with ":" between them';

/**
 * SAMPLES_ROOT: folders and `old-prefix=new-prefix` entries with colons between them; `~` is the user's home. Looks at no
 * disk. Throws a usage Fault that names the entry.
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
    const folder = withoutEnd(inHome(to));
    if (!folder.startsWith('/')) throw usageFault(noFolder(entry));
    folders.add(folder);
    if (from === undefined) continue;
    const prefix = withoutEnd(inHome(from.trim()));
    if (prefix === '')
      throw usageFault(`SAMPLES_ROOT: ${shown(entry)} has no old prefix before its "=": ${CURE}`);
    moved.push({ from: prefix, to: folder });
  }
  return { folders: [...folders], moved };
}

/** Throws a usage Fault for the first root that is not there, is no folder or may not be looked at. */
export async function checkSoundRoots({ folders }: SoundRoots): Promise<void> {
  for (const folder of folders) {
    const found = await stat(folder).catch((error: NodeJS.ErrnoException) => error);
    if (!(found instanceof Error) && found.isDirectory()) continue;
    throw usageFault(`SAMPLES_ROOT: ${shown(folder)} ${found instanceof Error ? trouble(found) : NO_FOLDER}`);
  }
}

const NO_FOLDER = 'is no folder: name the folder that holds the samples';

function trouble({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'is not there: connect its disk, or correct its path';
  if (code === 'ENOTDIR') return NO_FOLDER;
  if (code === 'EACCES' || code === 'EPERM')
    return 'may not be read by this user: give this user the right to read it';
  return `cannot be read (${code ?? message}): check its disk`;
}

function noFolder(entry: string): string {
  if (/^[a-z]:/i.test(entry) || entry.startsWith('\\\\'))
    return `SAMPLES_ROOT: ${shown(entry)} is a path of Windows: say where it lies here, as ${entry}=/music/Samples`;
  return `SAMPLES_ROOT: ${shown(entry)} is no absolute path: ${CURE}`;
}

const shown = (text: string): string => `"${text}"`;

/** Without slashes at the end; `/` and `\` alone stay. */
const withoutEnd = (path: string): string => path.replace(/(?<=.)[/\\]+$/s, '');

/** `~/Samples`, which no shell has seen in a file; of a user without a home it stays, and is refused as no absolute path. */
function inHome(path: string): string {
  if (path !== '~' && !path.startsWith('~/')) return path;
  try {
    return join(homedir(), path.slice(1));
  } catch {
    return path;
  }
}
