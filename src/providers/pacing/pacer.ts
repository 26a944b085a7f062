import { setTimeout as delay } from 'node:timers/promises';
import { createLimiter } from './limiter.js';
import { createMeter } from './meter.js';

export interface Pacer {
  /**
   * Resolves when a request of about so many tokens may leave, in order of asking; rejects with the signal's reason.
   */
  take(tokensEstimate: number, signal?: AbortSignal): Promise<void>;
  /** What the provider counted for a request; null: it did not say. Later estimates are corrected by it. */
  counted(tokensEstimate: number, tokens: number | null): void;
}

export interface PacerOptions {
  /** The provider's stated limits; null: none. */
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
  /** For tests. The default never jumps, whatever happens to the machine's date. */
  clock?: Clock;
}

/** Milliseconds. `sleep` rejects once `signal` is aborted. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** How much one answer moves the correction of estimates. */
const WEIGHT = 0.2;
/** A correction beyond this is no property of a text but a provider that counts something else. */
const MOST = 4;

const monotonic: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
};

/** Spreads sending so that a stated limit is not exceeded in any minute: no 429 to recover from. */
export function createPacer({ requestsPerMinute, tokensPerMinute, clock = monotonic }: PacerOptions): Pacer {
  const requests = requestsPerMinute === null ? null : createMeter(requestsPerMinute, clock.now());
  const tokens = tokensPerMinute === null ? null : createMeter(tokensPerMinute, clock.now());
  const line = createLimiter(1);
  /** Tokens that the provider counts for each that was estimated: other languages have other lengths. */
  let ratio = 1;

  const pass = async (amount: number, signal: AbortSignal | undefined): Promise<void> => {
    for (;;) {
      const now = clock.now();
      const wait = Math.max(requests?.waitFor(1, now) ?? 0, tokens?.waitFor(amount, now) ?? 0);
      if (wait <= 0) {
        requests?.book(1, now);
        tokens?.book(amount, now);
        return;
      }
      await clock.sleep(wait, signal).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      });
    }
  };

  return {
    async take(amount, signal) {
      signal?.throwIfAborted();
      if (requests === null && tokens === null) return;
      await line.run(() => pass(amount * ratio, signal), signal);
    },
    counted(estimate, actual) {
      // An answer from the provider's cache counts nothing.
      if (actual === null || actual <= 0 || estimate <= 0) return;
      ratio += WEIGHT * (Math.min(MOST, Math.max(1 / MOST, actual / estimate)) - ratio);
    },
  };
}
