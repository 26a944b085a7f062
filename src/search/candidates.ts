/** So many numbers are compared exactly in some tens of milliseconds: no signatures are needed. */
const BRUTE_FORCE = 10_000_000;
const LEAST = 800;
/** Signatures part what is near from what is far, not the near from the nearest: of more samples, more are near. */
const SHARE = 0.015;
/** Of vectors with so many numbers. Fewer bits tell less: of shorter ones a larger share is compared, which costs less each. */
const AT = 1536;

/**
 * How many samples, the nearest by their one-bit signatures, are compared exactly; null: all, which needs none. Held to
 * recall@10 ≥ 0.99 by bench/search.mjs.
 */
export function candidatesFor(samples: number, dimensions: number, limit: number): number | null {
  if (samples * dimensions <= BRUTE_FORCE) return null;
  return Math.max(LEAST, 20 * limit, Math.ceil(SHARE * (AT / dimensions) ** 1.5 * samples));
}

/** Of samples whose signatures were compared with the query's own numbers, which order them better than bits do. */
const EXACT_LEAST = 400;
const EXACT_SHARE = 0.0042;
/** Of more that are wanted, so many times as many. */
const EXACT_TIMES = 2;
/** Of so many samples; of ten times as many nine times as many are enough, measured at a million. */
const EXACT_SHARE_OF = 100_000;
const EXACT_GROWTH = 0.95;

/** So many numbers are read and compared in some milliseconds. */
const EXACT_ALL = 4_000_000;

/** The same where signatures are in memory: how many vectors are read. Held to recall@10 ≥ 0.99 by bench/serve. */
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
