import type { Store } from '../engines/store.js';

/** The dearest price that a run's answers have shown, in this process or in another worker's. Nanodollars a token. */
export interface ShownPrices {
  /** An answer has shown this price. */
  note(runId: string, nanosPerToken: number): void;
  /** Null: none is known. Other workers' answers are known within a second. */
  dearest(runId: string): Promise<number | null>;
}

/** How long the ledger's word is good for. */
const FRESH_MS = 1000;

interface Shown {
  nanosPerToken: number | null;
  /** On the process's own clock. */
  askedAt: number;
}

/** The prices that one process knows of, kept for the run it works for. */
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
