import { setTimeout as delay } from 'node:timers/promises';
import type { Refusal } from '../errors/errors.js';
import { createLearnedPace } from './learned-pace.js';
import { createLimiter } from './limiter.js';

/** A worker's reaction to 429s: it closes the gate, lets one request try, and learns the pace that is accepted. */
export interface Throttle {
  /**
   * Runs `send` once a request may leave, first in, first out. Rejects with the signal's reason while it waits. When
   * the wait is longer than two minutes, it rejects at once with the last refusal's error, so that the caller can wait
   * elsewhere. `isolating`: a neutral text has just passed, so a 429 is about the texts. It closes the gate for the
   * time the provider asks, or a second, and teaches no pace.
   */
  run<T>(send: () => Promise<T>, signal?: AbortSignal, how?: { isolating: boolean }): Promise<T>;
  /** Other workers met a limit of the account: if it has sent nothing yet, it starts with one request at a time. */
  startSlowly(): void;
  /** Requests per minute that this worker has learned; null: too few refusals to learn from. */
  readonly perMinute: number | null;
  /** Whether a 429 keeps requests from leaving now, and for how many milliseconds in total so far. */
  readonly gate: { closed: boolean; closedMs: number };
}

export interface ThrottleOptions {
  /** Returns null when the error is no 429, else the wait that the provider asks for, if it names one. */
  refusal(error: unknown): Refusal | null;
  /** For tests. The default is not affected by changes of the system time. */
  clock?: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
}

const FIRST_WAIT_MS = 1000;
/** Above this many requests in flight, growing back takes longer than refusals cost. */
const WIDE = 12;
const LONGEST_WAIT_MS = 60_000;
/** A longer wait makes an activity look stuck, and keeps a slot that others could use. */
const LONGEST_SLEEP_MS = 120_000;

const monotonic: Required<ThrottleOptions>['clock'] = {
  now: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
};

/** Creates the gate for a worker's requests: the workflow's gate closes only when it hears of a refusal. */
export function createThrottle({ refusal, clock = monotonic }: ThrottleOptions): Throttle {
  const pace = createLearnedPace();
  const line = createLimiter(1);
  let closedAt = Number.NEGATIVE_INFINITY;
  let closedUntil = 0;
  let lastRefusal: Refusal | null = null;
  /** Milliseconds of all closings, counted up to `closedUntil`. Closings never overlap. */
  let closedFor = 0;
  /** 429s in a row without a success. */
  let refusals = 0;
  let probe: Promise<unknown> | null = null;
  const flying = new Set<Promise<unknown>>();
  let begun = false;
  /** Most requests in flight, once a refusal has shown that there is a limit. */
  let most = Number.POSITIVE_INFINITY;

  const sleep = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
    clock.sleep(ms, signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });

  /**
   * Returns the milliseconds until the gate opens. A long closing refuses requests during its first two minutes. A
   * later request is intended, as when a person has added credit and resumed, and may try.
   */
  const untilOpen = (now: number): number => {
    const left = closedUntil - now;
    return left > LONGEST_SLEEP_MS && now - closedAt > LONGEST_SLEEP_MS ? 0 : left;
  };

  /** Waits for the gate, for a request that tries it, and for the pace. Returns the send time. */
  const pass = async (signal: AbortSignal | undefined): Promise<number> => {
    for (;;) {
      signal?.throwIfAborted();
      const now = clock.now();
      const wait = Math.max(untilOpen(now), pace.waitFor(now));
      const heldBack = wait > LONGEST_SLEEP_MS ? lastRefusal?.heldBack?.(Math.ceil(wait)) : undefined;
      if (heldBack !== undefined) throw heldBack;
      if (wait > 0) await sleep(wait, signal);
      else if (probe !== null) await probe;
      else if (flying.size >= most) await Promise.race(flying);
      else {
        pace.sent(now);
        return now;
      }
    }
  };

  const close = (wait: number): void => {
    closedAt = clock.now();
    closedFor += wait - Math.max(0, closedUntil - closedAt);
    closedUntil = closedAt + wait;
  };

  const refuse = (sentAt: number, retryAfterMs: number | null, isolating: boolean): void => {
    pace.withdrawn(sentAt);
    // The request left before the gate closed: its refusal is not new and does not close the gate further.
    if (sentAt <= closedAt) return;
    if (isolating) {
      close(retryAfterMs ?? FIRST_WAIT_MS);
      return;
    }
    refusals += 1;
    // Few requests in flight have met a narrow limit, which would refuse most of half of them again. With many, a known
    // pace is enough.
    if (flying.size <= WIDE) most = Math.max(1, flying.size / 4);
    else if (pace.perMinute === null) most = flying.size / 2;
    pace.refused(sentAt, flying.size);
    close(retryAfterMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (refusals - 1)));
  };

  const attempt = async <T>(send: () => Promise<T>, sentAt: number, isolating: boolean): Promise<T> => {
    try {
      const answer = await send();
      refusals = 0;
      most += 1 / most;
      return answer;
    } catch (error) {
      const refused = refusal(error);
      if (refused === null) pace.withdrawn(sentAt);
      else {
        lastRefusal = refused;
        refuse(sentAt, refused.retryAfterMs, isolating);
      }
      throw error;
    }
  };

  return {
    async run(send, signal, { isolating } = { isolating: false }) {
      const request = await line.run(async () => {
        const sentAt = await pass(signal);
        begun = true;
        const sending = attempt(send, sentAt, isolating);
        const ended = sending.then(
          () => undefined,
          () => undefined,
        );
        flying.add(ended);
        void ended.then(() => flying.delete(ended));
        if (refusals > 0) {
          // After a 429 one request tries; the next ones wait for its result.
          probe = ended;
          void ended.then(() => {
            if (probe === ended) probe = null;
          });
        }
        return { sending };
      }, signal);
      return request.sending;
    },
    startSlowly() {
      if (!begun) most = 1;
    },
    get perMinute() {
      return pace.perMinute;
    },
    get gate() {
      const left = Math.max(0, closedUntil - clock.now());
      return { closed: left > 0, closedMs: closedFor - left };
    },
  };
}
