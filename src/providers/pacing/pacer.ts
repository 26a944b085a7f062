import { setTimeout as delay } from 'node:timers/promises';

export interface Pacer {
  /**
   * Resolves when a request of about so many tokens may leave, first in, first out. Rejects with the signal's reason,
   * or with the error of `book`.
   */
  take(tokensEstimate: number, signal?: AbortSignal): Promise<void>;
  /** How many estimated tokens one request may have, so that it fits the stated limit; Infinity without one. */
  readonly mostTokens: number;
  /** Corrects later estimates by the tokens that the provider counted for a request; null: it did not say. */
  counted(tokensEstimate: number, tokens: number | null): void;
}

/** The part of a limit that is about to be used. */
export interface Use {
  name: 'requests' | 'tokens';
  perMinute: number;
  amount: number;
}

export interface PacerOptions {
  /** The provider's stated limits, for all workers together; null: none. */
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
  /** Books a use of the limits, shared by all workers. Resolves with the milliseconds until it may be sent. */
  book(uses: readonly Use[]): Promise<number>;
  /** For tests. The default is not affected by changes of the system time. */
  clock?: Clock;
}

/** Milliseconds. */
export interface Clock {
  sleep(ms: number): Promise<void>;
}

/** Weight of one answer in the correction of estimates. */
const WEIGHT = 0.2;
/** A correction beyond this comes from a provider that counts something else, not from the texts. */
const MOST = 4;

// An unref'd timer: a booked place that was given up must not keep the process alive; a waiting activity does.
const real: Clock = { sleep: (ms) => delay(ms, undefined, { ref: false }) };

interface Waiter {
  tokens: number;
  go(): void;
  fail(error: unknown): void;
}

/** The booking of one request. When the waiter gives it up, the next waiter takes it. */
interface Place {
  tokens: number;
  waiter: Waiter | null;
}

/**
 * Spreads requests so that no minute exceeds a stated limit and no 429 occurs. `book` keeps the limits; here requests
 * that wait at the same time are booked together, at most one second's worth.
 */
export function createPacer({ requestsPerMinute, tokensPerMinute, book, clock = real }: PacerOptions): Pacer {
  for (const limit of [requestsPerMinute, tokensPerMinute])
    if (limit !== null && !(limit > 0))
      throw new RangeError(`a limit a minute must be above 0, got ${limit}`);
  const waiting: Waiter[] = [];
  let booked: Place[] = [];
  let serving = false;
  /** Tokens that the provider counts per estimated token; differs between languages. */
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
    // Half: the provider may count more than was estimated. The same for every try, so that a repeated request is the same.
    mostTokens: tokensPerMinute === null ? Number.POSITIVE_INFINITY : tokensPerMinute / 2,
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
