import type { ReadSlice, Slice } from './read-selection.js';

/** A slice that waited longer is read again, so that planning uses the catalog's current rows. */
const FRESH_MS = 5000;

/**
 * Reads the next slice while the requested one is processed, so that a remote catalog and a remote store are waited for
 * in parallel. The next slice gets the row limit of the requested one. One slice is kept, also from one page of a plan
 * to the next. `now`: milliseconds of a monotonic clock.
 */
export function createReadAhead(now = () => performance.now()) {
  let ahead: { key: string; after: number; at: number; slice: Promise<Slice | null> } | null = null;

  const take = (key: string, after: number | null): Promise<Slice | null> | null => {
    const kept = ahead;
    ahead = null;
    return kept?.key === key && kept.after === after && now() - kept.at < FRESH_MS ? kept.slice : null;
  };

  /** Wraps `read`. `key`: identifies the run and the selection whose slices `read` reads. */
  return (key: string, read: ReadSlice): ReadSlice =>
    async (after, rows) => {
      // A read that failed in the background is repeated.
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
