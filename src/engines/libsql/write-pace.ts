/** Most bytes of one shared transaction. */
const MAX_BYTES = 4_000_000;
/** The same for a store with a long round trip. Far below what servers accept in one request. */
const FAR_BYTES = 12_000_000;
/** A transaction should keep the server busy for this many round trips, so that it idles little in between. */
const TRIPS_OF_WORK = 8;
/** Most bytes while the transfer rate is unknown: about one batch. */
const UNKNOWN_BYTES = 1_000_000;
/** A shared transaction should take no longer than this: leases are renewed between two of them. */
const AIM_MS = 10_000;
const SLOW_MS = 1000;
/** Smaller transactions measure the round trip rather than the transfer rate. */
const MIN_MEASURED_BYTES = 100_000;
/** 128 kbit/s, slower than any link that is worth waiting for. A call's time limit grows at this rate. */
const SLOWEST_BYTES_PER_MS = 16;

/** Measures how fast writes are sent, and derives how much should go into one transaction. */
export interface WritePace {
  /** Returns how many bytes the next transaction should hold at most; a single write may be larger. */
  mostBytes(): number;
  /** Returns whether this many bytes take so long that small writes should not wait for them. */
  isSlow(bytes: number): boolean;
  /** Records how long a committed transaction of this many bytes took. */
  committed(bytes: number, ms: number): void;
  /** Records after how long a transaction of this many bytes was given up. */
  gaveUp(bytes: number, ms: number): void;
}

export function createWritePace(): WritePace {
  /** Bytes a millisecond; null: not known. */
  let rate: number | null = null;
  /** Milliseconds of the fastest recent small writes. */
  let trip = 0;
  const mostAt = (perMs: number): number =>
    Math.min(perMs * AIM_MS, FAR_BYTES, Math.max(MAX_BYTES, TRIPS_OF_WORK * trip * perMs));
  return {
    mostBytes: () => (rate === null ? UNKNOWN_BYTES : mostAt(rate)),
    isSlow: (bytes) => rate !== null && bytes / rate > SLOW_MS,
    committed(bytes, ms) {
      if (bytes < MIN_MEASURED_BYTES) {
        trip = trip === 0 ? ms : Math.min(trip * 1.1, ms);
        return;
      }
      const now = bytes / Math.max(1, ms);
      rate = rate === null ? now : (rate + now) / 2;
    },
    gaveUp(bytes, ms) {
      if (bytes < MIN_MEASURED_BYTES) return;
      const most = bytes / Math.max(1, ms);
      rate = Math.min(rate ?? most, most) / 2;
    },
  };
}

/** Returns the milliseconds that a call may take beyond its deadline, for the bytes it carries. */
export const extraTimeoutMs = (bytes: number): number => Math.ceil(bytes / SLOWEST_BYTES_PER_MS);
