import { Fault } from '../fault.js';
import type { Backend, Shape } from './backend.js';
import { findIds } from './filter.js';
import { discover, inspectCatalog } from './inspect.js';
import { countRanges, existingIds, readIds, readRanges } from './queries.js';
import type { Catalog } from './types.js';
import { parseCatalogUrl } from './url.js';

export type { Catalog, IdRange, SampleRow } from './types.js';

/**
 * Opens the catalog that a DATABASE_URL names, for reading only; forms as in parseCatalogUrl. PostgreSQL is connected to
 * on the first query, SQLite's file must be there now. Its methods throw a Fault for what only a person can cure, and a
 * plain Error for what passes (server restarting, file locked for 5 s): call again. Throws a usage Fault for a value
 * that names no catalog.
 */
export async function openCatalog(url: string): Promise<Catalog> {
  const target = parseCatalogUrl(url);
  const backend: Backend =
    target.dialect === 'sqlite'
      ? await (await import('./sqlite.js')).openSqlite(target.path)
      : await (await import('./postgres.js')).openPostgres(target.url);
  return catalogOf(backend);
}

function catalogOf(backend: Backend): Catalog {
  let known: Promise<Shape> | undefined;
  const shape = (): Promise<Shape> => {
    known ??= discover(backend).catch((error) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  const reading = async <T>(read: (shape: Shape) => Promise<T>): Promise<T> => {
    const current = await shape();
    try {
      return await backend.run(() => read(current));
    } catch (error) {
      // The tables may have changed under us: look again next time.
      if (error instanceof Fault) known = undefined;
      throw error;
    }
  };
  return {
    inspect: () => inspectCatalog(backend, shape),
    readPage: (page) => reading((columns) => readRanges(backend.db, columns, page)),
    readIds: (ids) => reading((columns) => readIds(backend.db, columns, ids)),
    whichExist: (ids) => reading(() => existingIds(backend.db, ids)),
    findIds: (filter) => reading((columns) => findIds(backend, columns, filter)),
    count: (ranges) => reading(() => countRanges(backend.db, ranges)),
    close: () => backend.close(),
  };
}
