import type { Selection } from '../contract/request.js';
import type { Store } from '../engines/store.js';
import { parseSampleIds } from '../sources/sample-ids.js';
import type { Catalog, SampleRow } from '../sources/types.js';

/** Default number of rows in a slice. */
export const SLICE_ROWS = 1000;

export interface Slice {
  rows: SampleRow[];
  /** The last id that was read: the next slice begins after it. */
  upTo: number;
  /** Failed samples that the catalog no longer holds. */
  gone: number[];
}

/** Reads the slice of at most `rows` rows, default 1,000, after that id; null when there are no more. */
export type ReadSlice = (after: number | null, rows?: number) => Promise<Slice | null>;

/** Creates a reader of a selection, in slices of ascending ids. `failures` is read for `failed` only. */
export function createSelectionReader(
  selection: Selection,
  catalog: Pick<Catalog, 'readPage' | 'readIds'>,
  failures: Pick<Store, 'listFailures'>,
): ReadSlice {
  const ranges = selection.kind === 'ids' ? parseSampleIds(selection.ids) : undefined;
  return async (after, limit = SLICE_ROWS) => {
    if (selection.kind !== 'failed') {
      const rows = await catalog.readPage({ after, limit, ...(ranges && { ranges }) });
      const last = rows.at(-1);
      return last === undefined ? null : { rows, upTo: last.id, gone: [] };
    }
    const ids = (await failures.listFailures({ after, limit })).map((failure) => failure.sampleId);
    const upTo = ids.at(-1);
    if (upTo === undefined) return null;
    const rows = await catalog.readIds(ids);
    const there = new Set(rows.map((row) => row.id));
    return { rows, upTo, gone: ids.filter((id) => !there.has(id)) };
  };
}
