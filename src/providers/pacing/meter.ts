/**
 * Slightly more than the minute that limits are stated in: requests that left evenly may arrive closer together, and
 * a provider that counts arrivals must still see no more than the limit.
 */
const WINDOW_MS = 61_000;

/** One stated limit. Times are milliseconds on any steadily rising clock. */
export interface Meter {
  /** Milliseconds until `amount` may be sent; 0: now. */
  waitFor(amount: number, now: number): number;
  /** Counts what is sent now. */
  book(amount: number, now: number): void;
}

/**
 * Never more than `perMinute` in any minute, and spread over it: a bucket that holds one second's worth smooths, and a
 * log of the last minute guarantees. One amount above the whole limit goes alone, after a minute of silence.
 */
export function createMeter(perMinute: number, start: number): Meter {
  if (!(perMinute > 0)) throw new RangeError(`a limit a minute must be above 0, got ${perMinute}`);
  const rate = perMinute / WINDOW_MS;
  const burst = Math.max(1, perMinute / 60);
  const log: { at: number; amount: number }[] = [];
  let logged = 0;
  let level = burst;
  let filledAt = start;

  const forward = (now: number): void => {
    level = Math.min(burst, level + (now - filledAt) * rate);
    filledAt = now;
    while (log[0] !== undefined && log[0].at <= now - WINDOW_MS) logged -= log.shift()?.amount ?? 0;
  };

  return {
    waitFor(amount, now) {
      forward(now);
      const wanted = Math.min(amount, burst);
      const smooth = level >= wanted ? 0 : (wanted - level) / rate;
      let excess = logged + Math.min(amount, perMinute) - perMinute;
      let free = now;
      for (const entry of log) {
        if (excess <= 0) break;
        excess -= entry.amount;
        free = entry.at + WINDOW_MS;
      }
      return Math.ceil(Math.max(smooth, free - now));
    },
    book(amount, now) {
      forward(now);
      // May go below zero: a large amount is paid off before the next one leaves.
      level -= amount;
      logged += amount;
      log.push({ at: now, amount });
    },
  };
}
