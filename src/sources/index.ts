import { blockedFault, Fault } from '../fault.js';
import { type Backend, type Shape, UnreadableRows } from './backend.js';
import { findIds } from './filter.js';
import { inspectCatalog } from './inspect.js';
import { countRanges, existingIds, idsOfRanges, readIds, readRanges } from './queries.js';
import { readApart } from './read-apart.js';
import { createShapes } from './shapes.js';
import { absentColumns, hiddenTables, surveyCatalog } from './survey.js';
import type { Catalog, SampleRow } from './types.js';
import { parseCatalogUrl } from './url.js';

export type { Catalog, CatalogShape, IdRange, SampleRow } from './types.js';

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
      ? await (await import('./sqlite/index.js')).openSqlite(target.path)
      : await (await import('./postgres/index.js')).openPostgres(target);
  return catalogOf(backend);
}

function catalogOf(backend: Backend): Catalog {
  const shapes = createShapes(backend);
  const reading = async <T>(read: (shape: Shape) => Promise<T>): Promise<T> => {
    for (;;) {
      const { shape, generation } = await shapes.current();
      try {
        const result = await backend.run(() => read(shape));
        if (backend.generation() === generation) return result;
      } catch (error) {
        // Another file by now: its tables may be others.
        if (backend.generation() !== generation) continue;
        if (error instanceof Fault) {
          shapes.expire();
          // Throws where a column has gone: that says more.
          await shapes.current();
        }
        throw error;
      }
    }
  };
  /** Rows, one apart from the other where the database cannot give some of them. */
  const rowsOf = async (
    read: (shape: Shape) => Promise<SampleRow[]>,
    idsOf: (shape: Shape) => Promise<number[]>,
  ): Promise<SampleRow[]> => {
    try {
      return await reading(read);
    } catch (error) {
      if (!(error instanceof UnreadableRows)) throw error;
      const { shape } = await shapes.current();
      return readApart(backend, shape, await idsOrFault(backend, () => idsOf(shape)));
    }
  };
  const { db } = backend;
  const catalog: Catalog = {
    place: backend.place,
    async inspect() {
      shapes.forget();
      return inspectCatalog(backend, async () => (await shapes.current()).shape);
    },
    async survey() {
      const { shape } = await shapes.current();
      return surveyCatalog(backend, shape, (after, limit) => catalog.readPage({ after, limit }));
    },
    absent: async () => absentColumns((await shapes.current()).shape),
    hidden: async () => hiddenTables(backend, (await shapes.current()).shape),
    readPage: (page) =>
      rowsOf(
        (shape) => readRanges(db, shape, page),
        (shape) => idsOfRanges(db, shape, page),
      ),
    readIds: (ids) =>
      rowsOf(
        (shape) => readIds(db, shape, ids),
        async (shape) => [...(await existingIds(db, shape, ids))].sort((a, b) => a - b),
      ),
    whichExist: (ids) => reading((shape) => existingIds(db, shape, ids)),
    findIds: (filter) => reading((shape) => findIds(backend, shape, filter)),
    count: (ranges) => reading((shape) => countRanges(db, shape, ranges)),
    close: () => backend.close(),
  };
  return catalog;
}

/** Where not even the ids can be read, it is not about one row. */
async function idsOrFault(backend: Backend, read: () => Promise<number[]>): Promise<number[]> {
  try {
    return await backend.run(read);
  } catch (error) {
    if (!(error instanceof UnreadableRows)) throw error;
    throw blockedFault(`The catalog in ${backend.place} cannot be read: ${error.message}`, error);
  }
}
