import { blockedFault } from '../fault.js';
import { type Backend, type Shape, UnreadableRows } from './backend.js';
import { readIds } from './queries.js';
import type { SampleRow } from './types.js';

/** Where so many rows fail and not one can be read, it is not about the rows. */
const HOPELESS = 50;

type Runner = Pick<Backend, 'run' | 'place'>;

/** How rows are read whole, and one column at a time. */
export interface ApartReader<Id, Row> {
  read(ids: readonly Id[]): Promise<Row[]>;
  /** A row of which nothing but the id is known. */
  bare(id: Id): Row;
  columns: readonly string[];
  /** The row with this column alone; undefined: it is not there any more. */
  readColumn(id: Id, column: string): Promise<Row | undefined>;
}

/**
 * Reads these ids although the database cannot give some of their rows: halves the page until only those are left, and
 * gives each of them as far as its columns can be read apart, with the database's words in `unreadable`. Rows come in
 * the order of the ids. Throws a Fault where no row can be read.
 */
export async function readApart<Id, Row extends object>(
  runner: Runner,
  reader: ApartReader<Id, Row>,
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
        rows.push(await columnsApart(runner, reader, id, error.message));
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

async function columnsApart<Id, Row extends object>(
  runner: Runner,
  reader: ApartReader<Id, Row>,
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

/** The same for rows whose ids are numbers; `ids` must be ascending. */
export function readSamplesApart(
  { db, run, place }: Backend,
  shape: Shape,
  ids: readonly number[],
): Promise<SampleRow[]> {
  const samples = shape.samples.filter((column) => column !== 'id');
  return readApart<number, SampleRow>(
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
