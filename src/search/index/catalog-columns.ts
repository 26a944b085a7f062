import { setTimeout as wait } from 'node:timers/promises';
import type { Catalog } from '../../sources/types.js';
import type { IndexCalls } from './calls.js';

/** Rows of one page. A SQLite catalog is read on the caller's thread and blocks it for one page. */
const PAGE = 500;
/** Pause between pages, in which other work runs. */
const PAUSE_MS = 2;
/**
 * A catalog that cannot report changes is read again after `READ_AGAIN_MS`, but not before `TIMES` times the duration
 * of a read.
 */
const READ_AGAIN_MS = 60_000;
const TIMES = 20;

interface Parts {
  catalog: Pick<Catalog, 'readPage' | 'changeMark'>;
  index: Pick<IndexCalls, 'takeRows'>;
  /** Columns that filters may name. */
  names: readonly string[];
}

/** Keeps the filter columns in the index in sync with the catalog. */
export interface CatalogColumns {
  /** Reads the columns again if the catalog may have changed. Never throws: if reading fails, the old columns stay. */
  follow(): Promise<void>;
  close(): void;
}

export function followColumns({ catalog, index, names }: Parts): CatalogColumns {
  let mark: string | null | undefined;
  let again = 0;
  let failed = 0;
  let reading: Promise<void> | null = null;
  let closed = false;

  const read = async (): Promise<void> => {
    const begin = performance.now();
    const before = catalog.changeMark();
    for (let after: number | null = null, first = true; !closed; first = false) {
      const rows = await catalog.readPage({ after, limit: PAGE, columns: names });
      const columns = Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
      const last = rows.length < PAGE;
      await index.takeRows({ ids: rows.map(({ id }) => id), columns }, { first, last });
      if (last) break;
      after = rows.at(-1)?.id ?? null;
      await wait(PAUSE_MS);
    }
    mark = before;
    again = performance.now() + Math.max(READ_AGAIN_MS, TIMES * (performance.now() - begin));
  };
  return {
    async follow() {
      if (reading === null) {
        if (closed) return;
        if (performance.now() < failed) return;
        const begin = performance.now();
        const now = catalog.changeMark();
        if (mark !== undefined && now === mark && (now !== null || performance.now() < again)) return;
        reading = read()
          // A read that failed after a long time is not repeated at once.
          .catch(() => {
            failed = performance.now() + TIMES * (performance.now() - begin);
          })
          .finally(() => {
            reading = null;
          });
      }
      await reading;
    },
    close() {
      closed = true;
    },
  };
}
