import type { Catalog, IdRange } from './types.js';

/** Ids that were asked for and are not in the catalog. */
export interface MissingIds {
  asked: number;
  missing: number;
  /** The first ten missing ids. Fewer when they lie beyond the first 20,000 ids asked for. */
  some: (number | string)[];
}

const SHOWN = 10;
const CHUNK = 1000;
/** Ids that are looked up at most to name the missing ones. */
const MOST = 20_000;

/** Counts the ids of these ranges (sorted, merged) that the catalog does not hold, and names some. */
export async function missingIds(
  catalog: Pick<Catalog, 'count' | 'whichExist'>,
  ranges: readonly IdRange[],
): Promise<MissingIds> {
  const asked = ranges.reduce((sum, { from, to }) => sum + (to - from + 1), 0);
  const missing = Math.max(0, asked - (await catalog.count(ranges)));
  const some: MissingIds['some'] = [];
  if (missing > 0)
    for (const ids of chunksOf(ranges)) {
      const there = await catalog.whichExist(ids);
      some.push(...ids.filter((id) => !there.has(id)));
      if (some.length >= Math.min(missing, SHOWN)) break;
    }
  return { asked, missing, some: some.slice(0, SHOWN) };
}

function* chunksOf(ranges: readonly IdRange[]): Generator<number[]> {
  let ids: number[] = [];
  let seen = 0;
  for (const { from, to } of ranges)
    for (let id = from; id <= to; id++) {
      if (seen++ >= MOST) return;
      ids.push(id);
      if (ids.length < CHUNK) continue;
      yield ids;
      ids = [];
    }
  if (ids.length > 0) yield ids;
}
