import type { Readings } from '../../readings/of-columns.js';
import type { Backend } from '../backend.js';
import { countRanges, existingIds, idsOfRanges, readIds, readRanges } from '../queries.js';
import { readSamplesIndividually } from '../read-individually.js';
import type { createReading } from '../reading.js';
import { countSamples } from '../slices.js';
import type { Catalog } from '../types.js';
import { fittingIds } from './fitting-ids.js';
import type { Rows } from './rows.js';
import type { DeclaredShape } from './shape.js';

/** Creates the reader of rows whose ids are whole numbers: the sample library's queries, over one table. */
export function createIntegerRows(
  backend: Backend,
  { reading, rowsOf }: ReturnType<typeof createReading<DeclaredShape>>,
  readings: Readings,
): Rows {
  const { db } = backend;
  const readIndividually = (shape: DeclaredShape, ids: number[]) =>
    readSamplesIndividually(backend, shape, ids);
  const readPage: Catalog['readPage'] = (page) =>
    rowsOf(
      (shape) => readRanges(db, shape, page),
      (shape) => idsOfRanges(db, shape, page),
      readIndividually,
    );
  return {
    readPage,
    rowsAfter: (after, limit) => readPage({ after: after as number | null, limit }),
    readIds: (ids) =>
      rowsOf(
        (shape) => readIds(db, shape, ids),
        async (shape) => [...(await existingIds(db, shape, ids))].sort((a, b) => a - b),
        readIndividually,
      ),
    whichExist: (ids) => reading((shape) => existingIds(db, shape, ids)),
    count: (ranges) =>
      reading((shape) =>
        ranges === undefined ? countSamples(backend, shape) : countRanges(db, shape, ranges),
      ),
    findIds: (filter) =>
      reading(async (shape) => [
        ...new Set((await fittingIds(backend, shape, filter, readings)).map(Number)),
      ]),
  };
}
