import { blockedFault } from '../fault.js';
import { type Backend, type Shape, UnreadableRows } from './backend.js';
import { readIds } from './queries.js';
import type { SampleRow } from './types.js';

/** Where so many rows fail and not one can be read, it is not about the rows. */
const HOPELESS = 50;

type Reader = Pick<Backend, 'db' | 'run' | 'place'>;

/**
 * Reads these ids although the database cannot give some of their rows: halves the page until only those are left, and
 * gives each of them as far as its columns can be read apart, with the database's words in `unreadable`. Ids must be
 * ascending. Throws a Fault where no row can be read.
 */
export async function readApart(backend: Reader, shape: Shape, ids: readonly number[]): Promise<SampleRow[]> {
  const rows: SampleRow[] = [];
  let failed = 0;
  const read = async (part: readonly number[]): Promise<void> => {
    if (part.length === 0) return;
    try {
      rows.push(...(await backend.run(() => readIds(backend.db, shape, part))));
    } catch (error) {
      if (!(error instanceof UnreadableRows)) throw error;
      const [id] = part;
      if (part.length === 1 && id !== undefined) {
        failed += 1;
        if (failed >= HOPELESS && failed > rows.length)
          throw blockedFault(
            `The catalog in ${backend.place} cannot be read: ${error.message} (${failed} samples, none of which it gives)`,
            error,
          );
        rows.push(await columnsApart(backend, shape, id, error.message));
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

async function columnsApart(backend: Reader, shape: Shape, id: number, words: string): Promise<SampleRow> {
  const row: SampleRow = { id };
  const reasons: string[] = [];
  const only = async (column: string, part: Shape): Promise<void> => {
    try {
      const [found] = await backend.run(() => readIds(backend.db, part, [id]));
      if (found !== undefined) Object.assign(row, { [column]: found[column as keyof SampleRow] });
    } catch (error) {
      if (!(error instanceof UnreadableRows)) throw error;
      reasons.push(`${column}: ${error.message}`);
    }
  };
  for (const column of shape.samples)
    if (column !== 'id')
      await only(column, { ...shape, samples: ['id', column], analyses: [], fromAnalyses: null });
  for (const column of shape.analyses) await only(column, { ...shape, samples: ['id'], analyses: [column] });
  return { ...row, unreadable: reasons.length > 0 ? reasons.join('; ') : words };
}
