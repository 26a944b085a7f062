import { setTimeout as delay } from 'node:timers/promises';

export interface Pacer {
  /**
   * Resolves when a request of about so many tokens may leave, in order of asking; rejects with the signal's reason, or
   * with the error of `book`.
   */
  take(tokensEstimate: number, signal?: AbortSignal): Promise<void>;
  /** What the provider counted for a request; null: it did not say. Later estimates are corrected by it. */
  counted(tokensEstimate: number, tokens: number | null): void;
}

/** So much of a limit as is to be sent at once. */
export interface Use {
  name: 'requests' | 'tokens';
  perMinute: number;
  amount: number;
}

export interface PacerOptions {
  /** The provider's stated limits, of all workers together; null: none. */
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
  /** Books what is to be sent, where all workers do. Resolves with the ms until it may leave. */
  book(uses: readonly Use[]): Promise<number>;
  /** For tests. The default never jumps, whatever happens to the machine's date. */
  clock?: Clock;
}

/** Milliseconds. */
export interface Clock {
  sleep(ms: number): Promise<void>;
}

/** How much one answer moves the correction of estimates. */
const WEIGHT = 0.2;
/** A correction beyond this is no property of a text but a provider that counts something else. */
const MOST = 4;

// Who waits for it is an activity, which keeps the process: a place that was given up does not.
const real: Clock = { sleep: (ms) => delay(ms, undefined, { ref: false }) };

interface Waiter {
  tokens: number;
  go(): void;
  fail(error: unknown): void;
}

/** What was booked for one request; who gave it up leaves it to the next. */
interface Place {
  tokens: number;
  waiter: Waiter | null;
}

/**
 * Spreads sending so that a stated limit is not exceeded in any minute: no 429 to recover from. The limits are kept by
 * `book`; here those who wait at the same time book together, at most one second's worth.
 */
export function createPacer({ requestsPerMinute, tokensPerMinute, book, clock = real }: PacerOptions): Pacer {
  for (const limit of [requestsPerMinute, tokensPerMinute])
    if (limit !== null && !(limit > 0))
      throw new RangeError(`a limit a minute must be above 0, got ${limit}`);
  const waiting: Waiter[] = [];
  let booked: Place[] = [];
  let serving = false;
  /** Tokens that the provider counts for each that was estimated: other languages have other lengths. */
  let ratio = 1;

  const nextGroup = (): Place[] => {
    const mostRequests = Math.max(1, Math.floor((requestsPerMinute ?? Number.POSITIVE_INFINITY) / 60));
    const mostTokens = (tokensPerMinute ?? Number.POSITIVE_INFINITY) / 60;
    let count = 0;
    let tokens = 0;
    for (const waiter of waiting) {
      tokens += waiter.tokens;
      if (count > 0 && (count >= mostRequests || tokens > mostTokens)) break;
      count += 1;
    }
    return waiting.splice(0, count).map((waiter) => ({ tokens: waiter.tokens, waiter }));
  };

  const usesOf = (places: readonly Place[]): Use[] => {
    const tokens = places.reduce((sum, place) => sum + place.tokens, 0);
    return [
      ...(requestsPerMinute === null
        ? []
        : [{ name: 'requests', perMinute: requestsPerMinute, amount: places.length } as const]),
      ...(tokensPerMinute === null
        ? []
        : [{ name: 'tokens', perMinute: tokensPerMinute, amount: tokens } as const]),
    ];
  };

  const serve = async (): Promise<void> => {
    if (serving) return;
    serving = true;
    while (waiting.length > 0) {
      booked = nextGroup();
      try {
        const wait = await book(usesOf(booked));
        if (wait > 0) await clock.sleep(wait);
        for (const { waiter } of booked) waiter?.go();
      } catch (error) {
        for (const { waiter } of booked) waiter?.fail(error);
      }
      booked = [];
    }
    serving = false;
  };

  const giveUp = (waiter: Waiter): void => {
    const at = waiting.indexOf(waiter);
    if (at >= 0) waiting.splice(at, 1);
    const place = booked.find((each) => each.waiter === waiter);
    if (place === undefined) return;
    const next = waiting.findIndex(({ tokens }) => tokens <= place.tokens);
    place.waiter = next < 0 ? null : (waiting.splice(next, 1)[0] ?? null);
  };

  const enter = (waiter: Waiter): void => {
    const free = booked.find((place) => place.waiter === null && place.tokens >= waiter.tokens);
    if (free !== undefined) free.waiter = waiter;
    else waiting.push(waiter);
    void serve();
  };

  return {
    async take(estimate, signal) {
      signal?.throwIfAborted();
      if (requestsPerMinute === null && tokensPerMinute === null) return;
      await new Promise<void>((resolve, reject) => {
        const waiter: Waiter = {
          tokens: estimate * ratio,
          go: () => {
            signal?.removeEventListener('abort', abort);
            resolve();
          },
          fail: (error) => {
            signal?.removeEventListener('abort', abort);
            reject(error);
          },
        };
        const abort = (): void => {
          giveUp(waiter);
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', abort, { once: true });
        enter(waiter);
      });
    },
    counted(estimate, actual) {
      // An answer from the provider's cache counts nothing.
      if (actual === null || actual <= 0 || estimate <= 0) return;
      ratio += WEIGHT * (Math.min(MOST, Math.max(1 / MOST, actual / estimate)) - ratio);
    },
  };
}
