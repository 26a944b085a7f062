import type { Store } from '../engines/store.js';

/** The highest price that a run's answers have shown, in this process or in another worker. Nanodollars a token. */
export interface ShownPrices {
  /** Notes the price that an answer has shown. */
  note(runId: string, nanosPerToken: number): void;
  /** Returns null while no price is known. Prices from other workers are known within a second. */
  dearest(runId: string): Promise<number | null>;
}

/** How long a price read from the ledger is used. */
const FRESH_MS = 1000;

interface Shown {
  nanosPerToken: number | null;
  /** `performance.now()` of this process. */
  askedAt: number;
}

/** Creates the prices known to one process; they are kept only for the current run. */
export function createShownPrices(store: Pick<Store, 'dearestPrice'>): ShownPrices {
  let runId: string | null = null;
  let shown: Shown = { nanosPerToken: null, askedAt: Number.NEGATIVE_INFINITY };
  const of = (run: string): Shown => {
    if (run !== runId) {
      runId = run;
      shown = { nanosPerToken: null, askedAt: Number.NEGATIVE_INFINITY };
    }
    return shown;
  };
  const dearer = (a: number | null, b: number | null): number | null =>
    a === null || b === null ? (a ?? b) : Math.max(a, b);

  return {
    note(run, nanosPerToken) {
      const known = of(run);
      known.nanosPerToken = dearer(known.nanosPerToken, nanosPerToken);
    },
    async dearest(run) {
      const known = of(run);
      const now = performance.now();
      if (now - known.askedAt > FRESH_MS) {
        known.askedAt = now;
        const booked = await store.dearestPrice(run);
        known.nanosPerToken = dearer(known.nanosPerToken, booked);
      }
      return known.nanosPerToken;
    },
  };
}
