import { blockedFault } from '../fault.js';
import { type Backend, type Shape, UnreadableRows } from './backend.js';
import { readIds } from './queries.js';
import type { SampleRow } from './types.js';

/** When so many rows fail and none can be read, the cause is not in the rows. */
const HOPELESS = 50;

type Runner = Pick<Backend, 'run' | 'place'>;

/** Reads rows whole, or one column at a time. */
export interface IndividualReader<Id, Row> {
  read(ids: readonly Id[]): Promise<Row[]>;
  /** Creates a row with nothing but the id. */
  bare(id: Id): Row;
  columns: readonly string[];
  /** Returns the row with only this column, or undefined when the row no longer exists. */
  readColumn(id: Id, column: string): Promise<Row | undefined>;
}

/**
 * Reads these ids although the database cannot return some of their rows. Halves the page until each failing row is
 * alone, then reads that row column by column, with the database's message in `unreadable`. Rows keep the order of the
 * ids. Throws a Fault when no row can be read.
 */
export async function readRowsIndividually<Id, Row extends object>(
  runner: Runner,
  reader: IndividualReader<Id, Row>,
  ids: readonly Id[],
): Promise<Row[]> {
  const rows: Row[] = [];
  let failed = 0;
  const read = async (part: readonly Id[]): Promise<void> => {
    if (part.length === 0) return;
    try {
      rows.push(...(await runner.run(() => reader.read(part))));
    } catch (error) {
      if (!(error instanceof UnreadableRows)) throw error;
      const [id] = part;
      if (part.length === 1 && id !== undefined) {
        failed += 1;
        if (failed >= HOPELESS && failed > rows.length)
          throw blockedFault(
            `The catalog in ${runner.place} cannot be read: ${error.message} (${failed} samples, none of which it gives)`,
            error,
          );
        rows.push(await readColumnsIndividually(runner, reader, id, error.message));
        return;
      }
      const middle = part.length >> 1;
      await read(part.slice(0, middle));
      await read(part.slice(middle));
    }
  };
  await read(ids);
  return rows;
}

async function readColumnsIndividually<Id, Row extends object>(
  runner: Runner,
  reader: IndividualReader<Id, Row>,
  id: Id,
  words: string,
): Promise<Row> {
  const row = reader.bare(id);
  const reasons: string[] = [];
  for (const column of reader.columns)
    try {
      const found = await runner.run(() => reader.readColumn(id, column));
      if (found !== undefined) Object.assign(row, { [column]: found[column as keyof Row] });
    } catch (error) {
      if (!(error instanceof UnreadableRows)) throw error;
      reasons.push(`${column}: ${error.message}`);
    }
  return Object.assign(row, { unreadable: reasons.length > 0 ? reasons.join('; ') : words });
}

/** Does the same for rows whose ids are numbers; `ids` must be ascending. */
export function readSamplesIndividually(
  { db, run, place }: Backend,
  shape: Shape,
  ids: readonly number[],
): Promise<SampleRow[]> {
  const samples = shape.samples.filter((column) => column !== 'id');
  return readRowsIndividually<number, SampleRow>(
    { run, place },
    {
      read: (part) => readIds(db, shape, part),
      bare: (id) => ({ id }),
      columns: [...samples, ...shape.analyses],
      async readColumn(id, column) {
        const part = samples.includes(column)
          ? { samples: ['id', column], analyses: [], fromAnalyses: null }
          : { samples: ['id'], analyses: [column] };
        return (await readIds(db, { ...shape, ...part }, [id]))[0];
      },
    },
    ids,
  );
}
