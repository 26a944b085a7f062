/** Of one shared transaction. */
const MAX_BYTES = 4_000_000;
/** To a store so far away that the way there and back takes long: far below what servers take in one request. */
const FAR_BYTES = 12_000_000;
/** So many times the round trip should the server have to do, so that it idles little while nothing is on its way. */
const TRIPS_OF_WORK = 8;
/** Until it is known how fast bytes travel, about one batch goes at a time. */
const UNKNOWN_BYTES = 1_000_000;
/** A shared transaction should take no longer than this: leases are renewed between two of them. */
const AIM_MS = 10_000;
const SLOW_MS = 1000;
/** What is smaller says more of round trips than of bytes. */
const TELLING_BYTES = 100_000;
/** Slower than any link that is worth waiting for, 128 kbit/s: what a call may take grows by this. */
const SLOWEST_BYTES_PER_MS = 16;

/** How fast writes travel, and so how much should go in one transaction. */
export interface WritePace {
  /** Bytes that the next transaction should hold at most; a single write may be larger. */
  mostBytes(): number;
  /** Whether so many bytes take so long that nothing small should wait for them. */
  isSlow(bytes: number): boolean;
  /** What a transaction of so many bytes took that was committed. */
  committed(bytes: number, ms: number): void;
  /** One of so many bytes was given up after so long. */
  gaveUp(bytes: number, ms: number): void;
}

export function createWritePace(): WritePace {
  /** Bytes a millisecond; null: not known. */
  let rate: number | null = null;
  /** Ms that the quickest small writes of late took. */
  let trip = 0;
  const mostAt = (perMs: number): number =>
    Math.min(perMs * AIM_MS, FAR_BYTES, Math.max(MAX_BYTES, TRIPS_OF_WORK * trip * perMs));
  return {
    mostBytes: () => (rate === null ? UNKNOWN_BYTES : mostAt(rate)),
    isSlow: (bytes) => rate !== null && bytes / rate > SLOW_MS,
    committed(bytes, ms) {
      if (bytes < TELLING_BYTES) {
        trip = trip === 0 ? ms : Math.min(trip * 1.1, ms);
        return;
      }
      const now = bytes / Math.max(1, ms);
      rate = rate === null ? now : (rate + now) / 2;
    },
    gaveUp(bytes, ms) {
      if (bytes < TELLING_BYTES) return;
      const most = bytes / Math.max(1, ms);
      rate = Math.min(rate ?? most, most) / 2;
    },
  };
}

/** Ms that a call may take beyond its deadline, for the bytes it carries. */
export const patienceFor = (bytes: number): number => Math.ceil(bytes / SLOWEST_BYTES_PER_MS);
