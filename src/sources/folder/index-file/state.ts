import { existsSync } from 'node:fs';
import { Database } from '../../../sqlite.js';
import type { DeclaredRows } from '../../types.js';
import { explainIndexError } from './open.js';
import { APPLICATION_ID } from './schema.js';

export interface IndexState {
  /** As absolute paths, of the last whole look; none: there was none yet. */
  roots: string[];
  /** ISO time, UTC; null: the roots were never looked at as a whole, so what is not in the index may yet be on the disk. */
  finished: string | null;
  samples: number;
}

/** What the index knows, without a look at the disk; null: there is none, or it is another database. */
export function readIndexState(indexFile: string): IndexState | null {
  if (!existsSync(indexFile)) return null;
  let index: Database.Database | undefined;
  try {
    index = new Database(indexFile, { readonly: true });
    if (index.pragma('application_id', { simple: true }) !== APPLICATION_ID) return null;
    const state = index
      .prepare<[], { roots: string; finished: string | null }>('select roots, finished from state')
      .get();
    const samples = Number(index.prepare('select count(*) from files').pluck().get());
    return {
      roots: JSON.parse(state?.roots ?? '[]') as string[],
      finished: state?.finished ?? null,
      samples,
    };
  } catch (error) {
    throw explainIndexError(error, indexFile);
  } finally {
    index?.close();
  }
}

/** The index as a catalog: the columns that texts can be made of, or that are shown and filtered by. */
export const FOLDER_ROWS = {
  table: 'files',
  id: 'id',
  fields: [
    ...['title', 'genre', 'bpm', 'musical_key', 'kind', 'instruments', 'pack', 'tags', 'artist', 'album'],
    ...['root_note', 'duration', 'channels', 'sample_rate', 'format', 'path', 'folder', 'file', 'root'],
    ...['size', 'mtime', 'origins'],
  ],
} as const satisfies DeclaredRows;
