import { existsSync } from 'node:fs';
import { Database } from '../../../sqlite.js';
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
