import type { ReadSlice, Slice } from './read-selection.js';

/** A slice that waited longer is read again, so that what is planned is what the catalog says now. */
const FRESH_MS = 5000;

/**
 * Reads the slice after the one that was asked for while that is being looked at, so that a catalog and a store that are
 * both far away are waited for side by side. It asks for as many rows as the slice before it was asked for. It keeps one
 * slice, also from one page of a plan to the next. `now`: milliseconds of a clock that only goes forwards.
 */
export function createReadAhead(now = () => performance.now()) {
  let ahead: { key: string; after: number; at: number; slice: Promise<Slice | null> } | null = null;

  const take = (key: string, after: number | null): Promise<Slice | null> | null => {
    const kept = ahead;
    ahead = null;
    return kept?.key === key && kept.after === after && now() - kept.at < FRESH_MS ? kept.slice : null;
  };

  /** `key`: of the run and its selection, whose slices `read` reads. */
  return (key: string, read: ReadSlice): ReadSlice =>
    async (after, rows) => {
      // What failed while nobody waited for it is read again.
      const kept = await take(key, after)?.catch(() => undefined);
      const slice = kept === undefined ? await read(after, rows) : kept;
      if (slice === null) return null;
      const next = read(slice.upTo, rows);
      next.catch(() => undefined);
      ahead = { key, after: slice.upTo, at: now(), slice: next };
      return slice;
    };
}

export type ReadAhead = ReturnType<typeof createReadAhead>;
