import { blockedFault } from '../../fault.js';
import type { Readings } from '../../readings/of-columns.js';
import type { Backend } from '../backend.js';
import { countRanges } from '../queries.js';
import { readRowsIndividually } from '../read-individually.js';
import type { createReading } from '../reading.js';
import type { IdRange, SampleRow, TextIdMap } from '../types.js';
import { fittingIds } from './fitting-ids.js';
import type { Rows } from './rows.js';
import type { DeclaredShape } from './shape.js';
import { existingKeys, type KeyedRow, pageOfKeys, rowsOfKeys } from './text-queries.js';

/** Numbers per lookup in the TextIdMap. */
const NUMBERS = 1000;
/** No number is assigned after a gap of so many numbers: see TextIdMap. */
const BEYOND_THE_LAST = 100_000;

/** Creates the reader of rows whose ids are text. The TextIdMap assigns their numbers. */
export function createTextRows(
  backend: Backend,
  { reading, rowsOf }: ReturnType<typeof createReading<DeclaredShape>>,
  { keys, readings }: { keys: TextIdMap; readings: Readings },
): Rows {
  const { db, run, place } = backend;
  const apart = (shape: DeclaredShape, some: string[]): Promise<KeyedRow[]> =>
    readRowsIndividually(
      { run, place },
      {
        read: (part) => rowsOfKeys(db, shape, part),
        bare: (key): KeyedRow => ({ textId: key }),
        columns: shape.samples.filter((column) => column !== 'id'),
        readColumn: async (key, column) => (await rowsOfKeys(db, shape, [key], ['id', column]))[0],
      },
      some,
    );
  const onePage = (page: { after: string | null; limit: number }): Promise<KeyedRow[]> =>
    rowsOf(
      (shape) => pageOfKeys(db, shape, page),
      async (shape) =>
        (await pageOfKeys(db, shape, { ...page, columns: ['id'] })).map(({ textId }) => textId),
      apart,
    );
  /** Reads a page with each key once. Fills it up after repeated keys, because a short page means the end. */
  const pageAfter = async (after: string | null, limit: number): Promise<KeyedRow[]> => {
    const rows = new Map<string, KeyedRow>();
    for (let cursor = after; ; ) {
      const wanted = limit - rows.size;
      const found = await onePage({ after: cursor, limit: wanted });
      for (const row of found) if (!rows.has(row.textId)) rows.set(row.textId, row);
      cursor = found.at(-1)?.textId ?? null;
      if (cursor === null || found.length < wanted || rows.size >= limit) return [...rows.values()];
    }
  };
  const rowsByKey = (some: string[]): Promise<KeyedRow[]> =>
    rowsOf(
      (shape) => rowsOfKeys(db, shape, some),
      (shape) => existingKeys(db, shape, some),
      apart,
    );
  const rowsOfNumbers = async (numbers: readonly number[]): Promise<SampleRow[]> => {
    const known = await keys.keysOf(numbers);
    const byKey = new Map([...known].map(([number, key]) => [key, number]));
    return numbered(await rowsByKey([...byKey.keys()]), byKey).sort((a, b) => a.id - b.id);
  };
  const existing = async (numbers: readonly number[]): Promise<number[]> => {
    const known = await keys.keysOf(numbers);
    const there = new Set(await reading((shape) => existingKeys(db, shape, [...known.values()])));
    return [...known].filter(([, key]) => there.has(key)).map(([number]) => number);
  };
  /** Yields the assigned numbers of the ranges, in chunks. */
  async function* numbersIn(ranges: readonly IdRange[], after: number): AsyncGenerator<number[]> {
    let empty = 0;
    for (const chunk of chunksOf(ranges, after)) {
      const known = [...(await keys.keysOf(chunk)).keys()].sort((a, b) => a - b);
      empty = known.length > 0 ? 0 : empty + chunk.length;
      if (empty >= BEYOND_THE_LAST) return;
      if (known.length > 0) yield known;
    }
  }
  const keyBefore = async (after: number | null): Promise<string | null> => {
    if (after === null) return null;
    const key = (await keys.keysOf([after])).get(after);
    if (key === undefined)
      throw blockedFault(
        `The store has no id for number ${after} of ${place}: another store was put in its place; bring back the one ` +
          'that the run began with',
      );
    return key;
  };

  const catalog: Rows = {
    async readPage({ after, limit, ranges }) {
      if (limit === 0) return [];
      if (ranges === undefined) {
        const rows = await pageAfter(await keyBefore(after), limit);
        return numbered(rows, await keys.numbersFor(rows.map(({ textId }) => textId)));
      }
      const rows: SampleRow[] = [];
      for await (const numbers of numbersIn(ranges, after ?? 0)) {
        rows.push(...(await rowsOfNumbers(numbers)));
        if (rows.length >= limit) break;
      }
      return rows.slice(0, limit);
    },
    rowsAfter: (after, limit) => onePage({ after: after as string | null, limit }),
    readIds: (ids) => rowsOfNumbers([...new Set(ids)]),
    whichExist: async (ids) => new Set(await existing(ids)),
    async count(ranges) {
      if (ranges === undefined) return reading((shape) => countRanges(db, shape));
      let total = 0;
      for await (const numbers of numbersIn(ranges, 0)) total += (await existing(numbers)).length;
      return total;
    },
    async findIds(filter) {
      const found = await reading((shape) => fittingIds(backend, shape, filter, readings));
      return [...(await keys.knownNumbers(found.map(String))).values()].sort((a, b) => a - b);
    },
  };
  return catalog;
}

function numbered(rows: readonly KeyedRow[], numbers: ReadonlyMap<string, number>): SampleRow[] {
  return rows.map((row) => {
    const id = numbers.get(row.textId);
    if (id === undefined)
      throw new Error(`the store gave no number for the id ${JSON.stringify(row.textId)}`);
    return { ...row, id };
  });
}

function* chunksOf(ranges: readonly IdRange[], after: number): Generator<number[]> {
  let chunk: number[] = [];
  for (const { from, to } of ranges)
    for (let number = Math.max(from, after + 1, 1); number <= to; number++) {
      chunk.push(number);
      if (chunk.length < NUMBERS) continue;
      yield chunk;
      chunk = [];
    }
  if (chunk.length > 0) yield chunk;
}
