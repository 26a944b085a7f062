import { DEEPEST } from './deepest.js';
import type { Found } from './rank.js';

/**
 * How much is compared to rank some hits grows with their number, so rankings of different lengths differ. So a ranking is
 * always made to these depths, and goes on with what the next one adds: whatever part of it is asked for, it is the same.
 */
const DEPTHS = [100, 300, DEEPEST];

/** Which part of a ranking is wanted. */
export interface RankedPart {
  /** So many go before it; default 0. */
  from?: number;
  limit: number;
  /** Leaves out what is less similar, before it is counted. */
  minSimilarity?: number;
}

export interface RankedHits {
  found: Found[];
  /** There are more of them, and a part that begins after these has some. */
  more: boolean;
  /** Of all that was ranked, also of what is left out; null: no similarity is known. */
  greatestSimilarity: number | null;
  /** Something was ranked, though it may be left out. */
  any: boolean;
}

/** `bySimilarity`: what is ranked further down is less similar. */
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
    // One more tells whether there is more.
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
    // The next depth then has one more at least.
    if (kept.length === end && minSimilarity === undefined && seen.size === depth) return part(true);
  }
  return part(false);
}
