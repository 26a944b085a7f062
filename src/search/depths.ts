import { DEEPEST } from './deepest.js';
import type { Found } from './rank.js';

/**
 * The depths of rankings. A longer ranking compares more candidates, so rankings of different lengths differ. Therefore
 * a ranking is always computed to one of these depths and continued with the hits that the next depth adds. So every
 * page comes from the same ranking.
 */
const DEPTHS = [100, 300, DEEPEST];

/** The requested part of a ranking. */
export interface RankedPart {
  /** Hits to skip. Default: 0. */
  from?: number;
  limit: number;
  /** Leaves out less similar hits, before `from` and `limit` apply. */
  minSimilarity?: number;
}

export interface RankedHits {
  found: Found[];
  /** Whether a part that begins after these hits has some. */
  more: boolean;
  /** Over all ranked hits, also those left out; null: no similarity is known. */
  greatestSimilarity: number | null;
  /** Whether any hit was ranked, even if it was left out. */
  any: boolean;
}

/** Returns a part of a ranking. `bySimilarity`: the ranking is ordered by similarity. */
export async function rankedPart(
  rank: (limit: number) => Promise<Found[]>,
  { from = 0, limit, minSimilarity }: RankedPart,
  { bySimilarity }: { bySimilarity: boolean },
): Promise<RankedHits> {
  const end = Math.min(DEEPEST, from + limit);
  const isNear = ({ similarity }: Found): boolean =>
    minSimilarity === undefined || (similarity !== null && similarity >= minSimilarity);
  const seen = new Set<number>();
  const kept: Found[] = [];
  let greatest = Number.NEGATIVE_INFINITY;
  const part = (isMore: boolean): RankedHits => ({
    ...{ found: kept.slice(from, end), any: seen.size > 0 },
    greatestSimilarity: Number.isFinite(greatest) ? greatest : null,
    more: isMore && end < DEEPEST,
  });
  for (const depth of DEPTHS) {
    // One more hit shows whether there is a next one.
    const ranked = await rank(depth + 1);
    for (const hit of ranked.slice(0, depth)) {
      if (seen.has(hit.sampleId)) continue;
      seen.add(hit.sampleId);
      greatest = Math.max(greatest, hit.similarity ?? greatest);
      if (isNear(hit)) kept.push(hit);
    }
    if (kept.length > end) return part(true);
    const last = ranked[depth];
    if (last === undefined) return part(false);
    if (bySimilarity && !isNear(last)) return part(false);
    // The next depth then has at least one more hit.
    if (kept.length === end && minSimilarity === undefined && seen.size === depth) return part(true);
  }
  return part(false);
}
