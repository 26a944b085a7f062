import { setTimeout as wait } from 'node:timers/promises';
import type { Catalog } from '../../sources/types.js';
import type { IndexCalls } from './calls.js';

/** Rows of one page: a SQLite catalog is read on the caller's thread, and holds it up for so long. */
const PAGE = 500;
/** Between pages others have their turn. */
const PAUSE_MS = 2;
/** A catalog that cannot tell whether it has changed is read again after so long, and at least so many times as long as it takes. */
const READ_AGAIN_MS = 60_000;
const TIMES = 20;

interface Parts {
  catalog: Pick<Catalog, 'readPage' | 'changeMark'>;
  index: Pick<IndexCalls, 'takeRows'>;
  /** Columns that filters may name. */
  names: readonly string[];
}

/** Keeps the catalog's filter columns in the index as they are in the catalog. */
export interface CatalogColumns {
  /** Reads them again if the catalog may have changed. Never throws: while the catalog cannot be read, they stay. */
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
          // What has failed after a long time is not begun again at once.
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
