import { existsSync } from 'node:fs';
import { Database } from '../../../sqlite.js';
import { explainIndexError } from './open.js';
import { APPLICATION_ID } from './schema.js';

export interface IndexState {
  /** Absolute paths of the last complete scan; empty before the first. */
  roots: string[];
  /** ISO time, UTC. Null: no scan was completed, so files that are not in the index may be on the disk. */
  finished: string | null;
  samples: number;
}

/** Reads the state of the index, without reading the folders. Null: there is none, or it is another database. */
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
