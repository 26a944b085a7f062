import { createRandomRefusals } from './random-refusals.js';

/**
 * Estimates a limit that was never stated from refusals. A provider with a token bucket has an empty bucket at each
 * 429, so the requests it accepted between two 429s, divided by the time between them, are its rate. An overloaded
 * provider refuses at random instead: slowing down does not help then, so such refusals teach nothing. Times are
 * milliseconds of a monotonic clock.
 */
export interface LearnedPace {
  /** Returns the milliseconds until a request may leave; 0: now. */
  waitFor(now: number): number;
  /** Counts a request that leaves now. */
  sent(now: number): void;
  /** Removes the request that left at `sentAt` from the count: the provider did not accept it. */
  withdrawn(sentAt: number): void;
  /** Learns from a request that left at `sentAt` and met the limit, with `inFlight` others on their way. */
  refused(sentAt: number, inFlight: number): void;
  /** Requests per minute; null while nothing is learned. */
  readonly perMinute: number | null;
}

/** From so many requests on an estimate is good enough to stay slightly below it, which avoids refusals. */
const SURE = 40;
const UNDER = 0.985;
/** An estimate from few requests is used unchanged, as it would otherwise only ever fall. */
const aim = (passed: number): number => (passed < SURE ? 1 : UNDER);
/** How much sending may be made up for after a pause, as the provider's bucket fills meanwhile. Milliseconds. */
const CREDIT_MS = 1500;
/**
 * To find a raised limit, the estimate grows after so many requests without a refusal, at most this often, and at a
 * slow pace after the longer time: in small steps while the next refusal is still expected, then in ever larger ones.
 */
const GROW_EVERY_MS = 2000;
const GROW_EVERY_REQUESTS = 60;
const GROW_LATEST_MS = 15_000;
const GROWTH = 0.003;
const EXPECTED = 8;
const FASTER = 1.5;
const FASTEST = 0.1;
/** Requests a millisecond. An estimate that has grown so far limits nothing. */
const NO_LIMIT = 1;
/** An estimate from n requests may be wrong by one in n: it grows by half of that, after n requests. */
const growth = (evidence: number, times: number): { by: number; after: number; ms: number } => {
  const least = Math.max(GROWTH, 0.5 / evidence);
  const faster = Math.min(FASTEST, least * FASTER ** Math.max(0, times - EXPECTED));
  const by = 1 + Math.max(least, faster);
  return evidence < SURE
    ? { by, after: evidence, ms: 0 }
    : { by, after: GROW_EVERY_REQUESTS, ms: GROW_EVERY_MS };
};
/** An estimate rests on no longer period than this, as limits change. */
const MEMORY_MS = 180_000;
/** Returns whether the limit was lowered: since the last refusal clearly fewer requests passed than estimated. */
const isLower = (count: number, expected: number): boolean => count + 2 < 0.8 * expected;

export function createLearnedPace(): LearnedPace {
  let rate: number | null = null;
  /** When the bucket was last known to be empty, at the start of the estimate's period; null: never. */
  let since: number | null = null;
  /** Send times of the requests since then that were accepted or are on their way. */
  let passed: number[] = [];
  let credit = 0;
  let creditAt = 0;
  /** Number of requests that the estimate rests on. */
  let evidence = 0;
  let calmSince = 0;
  let calm = 0;
  /** Growths of the estimate since the last refusal, and the time of that refusal. */
  let growths = 0;
  let last: number | null = null;
  const random = createRandomRefusals();
  /** The estimate that was given up for an experiment. */
  let givenUp: { rate: number | null; evidence: number } = { rate: null, evidence: 0 };

  const forget = (): void => {
    rate = null;
    since = null;
    last = null;
    passed = [];
    evidence = 0;
    growths = 0;
  };

  const forward = (now: number): void => {
    if (rate === null) return;
    const { by, after, ms } = growth(evidence, growths);
    const quiet = now - calmSince;
    if ((calm >= after && quiet >= ms) || (calm > 0 && quiet >= GROW_LATEST_MS)) {
      rate *= by;
      growths += 1;
      calmSince = now;
      calm = 0;
    }
    if (rate > NO_LIMIT) {
      forget();
      return;
    }
    credit = Math.min(Math.max(1, rate * CREDIT_MS), credit + (now - creditAt) * rate);
    creditAt = now;
  };

  return {
    waitFor(now) {
      forward(now);
      return rate === null || credit >= 1 ? 0 : Math.ceil((1 - credit) / rate);
    },
    sent(now) {
      forward(now);
      credit -= 1;
      calm += 1;
      random.count(now, 1);
      if (since !== null) passed.push(now);
    },
    withdrawn(sentAt) {
      random.count(sentAt, -1);
      const at = passed.lastIndexOf(sentAt);
      if (at >= 0) passed.splice(at, 1);
    },
    refused(sentAt, inFlight) {
      const between = (from: number): number => passed.filter((at) => at >= from && at < sentAt).length;
      const known = rate !== null && last !== null;
      const verdict = random.refused(sentAt, known ? { accepted: between(last as number), evidence } : null);
      if (verdict === 'begin') {
        givenUp = { rate, evidence };
        forget();
      }
      if (verdict === 'end') {
        ({ rate, evidence } = givenUp);
        creditAt = sentAt;
      }
      if (random.ignores(sentAt)) return;
      if (rate !== null && last !== null && isLower(between(last), rate * (sentAt - last))) since = last;
      const before = last;
      last = sentAt;
      growths = 0;
      const count = since === null ? 0 : between(since);
      const elapsed = since === null ? 0 : sentAt - since;
      // A second refusal with nothing accepted between comes from another kind of limit: the time says nothing about
      // the rate.
      const tells = before === null || between(before) > 0;
      if (tells && elapsed > 0 && count > 0) {
        rate = (count / elapsed) * aim(count);
        evidence = count;
      }
      // Requests on their way may still use up what fills the bucket now: one second's worth, as answers come within
      // that.
      credit = -Math.min(inFlight, Math.max(1, (rate ?? 0) * 1000));
      creditAt = sentAt;
      calmSince = sentAt;
      calm = 0;
      if (since !== null && elapsed < MEMORY_MS) return;
      since = sentAt;
      passed = passed.filter((at) => at >= sentAt);
    },
    get perMinute() {
      return rate === null ? null : Math.round(rate * 60_000);
    },
  };
}
