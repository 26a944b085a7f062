import { resolve } from 'node:path';
import { openDeclared } from '../declared/index.js';
import type { Catalog, DeclaredRows, TextIdMap } from '../types.js';
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
      for (const base of ['.', ...roots]) {
        const [id] = await index.findIds({ where: [{ field: 'path', is: resolve(base, path) }] });
        if (id !== undefined) return id;
      }
      return null;
    },
    whyNoSample: (path) => whyNoSample({ roots, ignore }, path),
    place: `folder ${roots.join(', ')}`,
    refresh: (options) => bringUpToDate({ roots, ignore, indexFile, ...options }),
  };
}
