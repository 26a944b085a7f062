import { Fault } from '../../fault.js';
import { readingsOf } from '../../readings/of-columns.js';
import { openBackend } from '../open-backend.js';
import { createReading } from '../reading.js';
import { createShapes } from '../shapes.js';
import type { Catalog, DeclaredRows, TextIdMap } from '../types.js';
import { inspectDeclared } from './inspect.js';
import { createIntegerRows } from './integer-rows.js';
import type { Rows } from './rows.js';
import { type DeclaredShape, discoverDeclared, lostDeclared, refuseMissing } from './shape.js';
import { hiddenRows, surveyDeclared } from './survey.js';
import { createTextRows } from './text-rows.js';

/**
 * Opens declared rows as a read-only catalog; URLs as in parseCatalogUrl. Rows are `{ id, ...fields }`, or with text
 * ids `{ id, textId, ...fields }`, where `keys` supplies the numbers. Connects and fails as openCatalog does; its usage
 * Faults begin with the setting: `source.url`, `source.table`, `source.select`, `source.id` or `source.fields`.
 */
export async function openDeclared(url: string, rows: DeclaredRows, keys: TextIdMap): Promise<Catalog> {
  const backend = await withSettingNames(() => openBackend(url, { readOnly: true }));
  const shapes = createShapes<DeclaredShape>(backend, {
    discover: () => discoverDeclared(backend, rows),
    lost: lostDeclared,
  });
  const reading = createReading(backend, shapes);
  const readings = readingsOf(rows);
  const numbers = createIntegerRows(backend, reading, readings);
  const texts = createTextRows(backend, reading, { keys, readings });
  const current = async (): Promise<DeclaredShape> => (await shapes.current()).shape;
  const rowsOf = ({ ids }: DeclaredShape): Rows => (ids === 'text' ? texts : numbers);
  const using = <T>(work: (of: Rows) => Promise<T>): Promise<T> =>
    withSettingNames(async () => {
      const shape = await current();
      refuseMissing(shape, rows, backend.place);
      return work(rowsOf(shape));
    });
  return {
    place: backend.place,
    dialect: backend.dialect,
    changeMark: () => backend.changeMark(),
    idKind: () => withSettingNames(async () => (await current()).ids),
    inspect: () =>
      withSettingNames(() => {
        shapes.forget();
        return inspectDeclared(backend, rows, current);
      }),
    survey: () =>
      withSettingNames(async () => {
        const shape = await current();
        return surveyDeclared(backend, shape, { declared: rows, rows: rowsOf(shape) });
      }),
    missingColumns: () => withSettingNames(async () => (await current()).missing),
    hiddenTables: () => withSettingNames(async () => hiddenRows(backend, await current(), rows)),
    readPage: (page) => using((of) => of.readPage(page)),
    readIds: (ids) => using((of) => of.readIds(ids)),
    whichExist: (ids) => using((of) => of.whichExist(ids)),
    findIds: (filter) => using((of) => of.findIds(filter)),
    count: (ranges) => using((of) => of.count(ranges)),
    close: () => backend.close(),
  };
}

/** Replaces DATABASE_URL, which Faults of the connection name, by the setting of declared rows: `source.url`. */
async function withSettingNames<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Fault) || !error.message.includes('DATABASE_URL')) throw error;
    throw new Fault(error.kind, error.message.replaceAll('DATABASE_URL', 'source.url'), {
      cause: error.cause,
    });
  }
}
