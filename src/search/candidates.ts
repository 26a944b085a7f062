/** Up to this many numbers, all vectors are compared exactly, in some tens of milliseconds; no signatures needed. */
const BRUTE_FORCE = 10_000_000;
const LEAST = 800;
/** Share of all samples: signatures separate near from far, not near from nearest; of more samples, more are near. */
const SHARE = 0.015;
/** Dimensions for which shares hold. Fewer bits tell less: shorter vectors need a larger share, but each is cheaper. */
const AT = 1536;

/**
 * Returns how many of the samples nearest by one-bit signature are compared exactly; null: all, without signatures.
 * bench/search.mjs checks recall@10 ≥ 0.99.
 */
export function candidatesFor(samples: number, dimensions: number, limit: number): number | null {
  if (samples * dimensions <= BRUTE_FORCE) return null;
  return Math.max(LEAST, 20 * limit, Math.ceil(SHARE * (AT / dimensions) ** 1.5 * samples));
}

/** Fewer are enough if signatures were compared with the query's own numbers, which rank better than its bits. */
const EXACT_LEAST = 400;
const EXACT_SHARE = 0.0042;
/** Vectors compared for each result, if many results are wanted. */
const EXACT_TIMES = 2;
/** Samples up to which the share holds. Ten times as many need nine times the vectors, measured at a million. */
const EXACT_SHARE_OF = 100_000;
const EXACT_GROWTH = 0.95;

/** Up to this many numbers, all vectors are read and compared, in some milliseconds. */
const EXACT_ALL = 4_000_000;

/** Returns how many vectors are read and compared with signatures in memory. bench/serve checks recall@10 ≥ 0.99. */
export const exactlyCompared = (samples: number, dimensions: number, limit: number): number =>
  samples * dimensions <= EXACT_ALL
    ? Math.max(samples, limit)
    : Math.max(
        EXACT_LEAST,
        EXACT_TIMES * limit,
        Math.ceil(EXACT_SHARE * Math.max(1, AT / dimensions) ** 1.5 * grown(samples)),
      );

const grown = (samples: number): number =>
  samples <= EXACT_SHARE_OF ? samples : EXACT_SHARE_OF * (samples / EXACT_SHARE_OF) ** EXACT_GROWTH;
