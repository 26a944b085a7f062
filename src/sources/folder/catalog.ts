import { isUtf8 } from 'node:buffer';
import { basename, dirname, relative, resolve } from 'node:path';
import { fileUrlOf, pathOfFileUrl } from '../../file-url.js';
import { openDeclared } from '../declared/index.js';
import type { Catalog, DeclaredRows, FieldFilter, TextIdMap } from '../types.js';
import { isInside } from './disk/roots.js';
import { bringUpToDate, makeIndex } from './scan/bring-up-to-date.js';
import { whyNoSample } from './why-no-sample.js';

export interface Folder {
  /** Absolute paths. */
  roots: readonly string[];
  /** Patterns of what is left out, as in a .gitignore. */
  ignore: readonly string[];
  /** Path of the index, which is created if missing. */
  indexFile: string;
}

/**
 * Opens a folder of audio files as a catalog. Rows are read from its index; `refresh` reads the folder. Throws a Fault
 * when the index cannot be used. `rows`: the rows of the index.
 */
export async function openFolder(folder: Folder, rows: DeclaredRows, keys: TextIdMap): Promise<Catalog> {
  const { roots, ignore, indexFile } = folder;
  await makeIndex(indexFile);
  const index = await openDeclared(indexFile, rows, keys);
  return {
    ...index,
    async idOfPath(path) {
      const named = plainPath(path);
      for (const base of ['.', ...roots]) {
        const file = named.startsWith('file:') ? named : resolve(base, named);
        for (const where of [[{ field: 'path', is: file }], shownAs(file, roots)]) {
          const [id] = where === null ? [] : await index.findIds({ where });
          if (id !== undefined) return id;
        }
      }
      return null;
    },
    whyNoSample: (path) => whyNoSample({ roots, ignore }, plainPath(path)),
    place: `folder ${roots.join(', ')}`,
    refresh: (options) => bringUpToDate({ roots, ignore, indexFile, ...options }),
  };
}

/** Converts a `file:` URL to the form of the column `path`. */
function plainPath(path: string): string {
  const bytes = pathOfFileUrl(path);
  if (bytes === null) return path;
  return isUtf8(bytes) ? bytes.toString('utf8') : fileUrlOf(bytes);
}

/** Returns the condition for a file by its names as they are shown; null outside of the roots. */
function shownAs(file: string, roots: readonly string[]): FieldFilter[] | null {
  const root = roots.find((each) => isInside(file, each));
  if (root === undefined) return null;
  const below = relative(root, file).normalize('NFC');
  const folder = dirname(below);
  return [
    { field: 'root', is: root },
    { field: 'folder', is: folder === '.' ? '' : folder },
    { field: 'file', is: basename(below) },
  ];
}
