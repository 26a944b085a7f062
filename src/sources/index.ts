import type { Backend, Shape } from './backend.js';
import { findIds } from './filter.js';
import { discover, inspectCatalog, lostParts } from './inspect.js';
import { openBackend } from './open-backend.js';
import { countRanges, existingIds, idsOfRanges, readIds, readRanges, withColumns } from './queries.js';
import { readSamplesIndividually } from './read-individually.js';
import { createReading } from './reading.js';
import { createShapes } from './shapes.js';
import { countSamples } from './slices.js';
import { absentColumns, hiddenTables, surveyCatalog } from './survey.js';
import type { Catalog } from './types.js';

export type { Catalog } from './types.js';

/**
 * Opens the catalog that a DATABASE_URL names, for reading only; forms as in parseCatalogUrl. Connects to PostgreSQL on
 * the first query; an SQLite file must exist now. The catalog's methods throw a Fault for what only a person can cure,
 * and a plain Error for what passes (server restarting, file locked for 5 s): call again. Throws a usage Fault for a
 * value that does not name a catalog.
 */
export async function openCatalog(url: string): Promise<Catalog> {
  return catalogOf(await openBackend(url, { readOnly: false }));
}

function catalogOf(backend: Backend): Catalog {
  const { db } = backend;
  const shapes = createShapes(backend, { discover: () => discover(backend), lost: lostParts });
  const { reading, rowsOf } = createReading(backend, shapes);
  const readIndividually = (shape: Shape, ids: number[]) => readSamplesIndividually(backend, shape, ids);
  const catalog: Catalog = {
    place: backend.place,
    dialect: backend.dialect,
    changeMark: () => backend.changeMark(),
    idKind: async () => 'integer',
    async inspect() {
      shapes.forget();
      return inspectCatalog(backend, async () => (await shapes.current()).shape);
    },
    async survey() {
      const { shape } = await shapes.current();
      return surveyCatalog(backend, shape, (after, limit) => catalog.readPage({ after, limit }));
    },
    missingColumns: async () => absentColumns((await shapes.current()).shape),
    hiddenTables: async () => hiddenTables(backend, (await shapes.current()).shape),
    readPage: (page) =>
      rowsOf(
        (shape) => readRanges(db, withColumns(shape, page.columns), page),
        (shape) => idsOfRanges(db, shape, page),
        (shape, ids) => readIndividually(withColumns(shape, page.columns), ids),
      ),
    readIds: (ids, columns) =>
      rowsOf(
        (shape) => readIds(db, withColumns(shape, columns), ids),
        async (shape) => [...(await existingIds(db, shape, ids))].sort((a, b) => a - b),
        (shape, some) => readIndividually(withColumns(shape, columns), some),
      ),
    whichExist: (ids) => reading((shape) => existingIds(db, shape, ids)),
    findIds: (filter) => reading((shape) => findIds(backend, shape, filter)),
    count: (ranges) =>
      reading((shape) =>
        ranges === undefined ? countSamples(backend, shape) : countRanges(db, shape, ranges),
      ),
    close: () => backend.close(),
  };
  return catalog;
}
