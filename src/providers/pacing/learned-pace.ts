/**
 * What refusals teach about a limit that nobody stated. A provider that counts with a bucket has an empty one at each
 * 429, so what it let through between two of them, over the time between, is its rate. Times are milliseconds on a
 * steadily rising clock.
 */
export interface LearnedPace {
  /** Milliseconds until a request may leave; 0: now. */
  waitFor(now: number): number;
  /** Counts a request that leaves now. */
  sent(now: number): void;
  /** The request that left at `sentAt` was not let through. */
  withdrawn(sentAt: number): void;
  /** A request that left at `sentAt` met the limit, while so many others were on their way. */
  refused(sentAt: number, inFlight: number): void;
  /** Requests a minute; null: nothing learned yet. */
  readonly perMinute: number | null;
}

/** From so many on an estimate is good enough to stay under it, which costs no refusal. */
const SURE = 40;
const UNDER = 0.985;
/** An estimate that rests on little is taken as it is, so that it does not only ever fall. */
const aim = (passed: number): number => (passed < SURE ? 1 : UNDER);
/** What may be made up for after a pause, as the provider's bucket fills meanwhile. */
const CREDIT_MS = 1500;
/**
 * A limit that was raised is found by growing after so many requests without a refusal, at most so often: by little as
 * long as the next refusal is to be expected, then by ever more.
 */
const GROW_EVERY_MS = 2000;
const GROW_EVERY_REQUESTS = 60;
const GROWTH = 0.003;
const EXPECTED = 8;
const FASTER = 1.5;
const FASTEST = 0.1;
/** An estimate may be as wrong as one request in so many that it rests on: it grows by half of that, and as soon. */
const growth = (evidence: number, times: number): { by: number; after: number; ms: number } => {
  const least = Math.max(GROWTH, 0.5 / evidence);
  return evidence < SURE
    ? { by: 1 + least, after: evidence, ms: 0 }
    : {
        by: 1 + Math.min(FASTEST, least * FASTER ** Math.max(0, times - EXPECTED)),
        after: GROW_EVERY_REQUESTS,
        ms: GROW_EVERY_MS,
      };
};
/** Limits change: an estimate rests on no more than this. */
const MEMORY_MS = 180_000;
/** A limit that was lowered: since the last refusal so much less was let through than the estimate says. */
const isLower = (count: number, expected: number): boolean => count + 2 < 0.8 * expected;

export function createLearnedPace(): LearnedPace {
  let rate: number | null = null;
  /** When the bucket was last known to be empty, as far as the estimate goes back; null: never. */
  let since: number | null = null;
  /** When each request left that was let through since then, or is on its way. */
  let passed: number[] = [];
  let credit = 0;
  let creditAt = 0;
  /** How many requests the estimate rests on. */
  let evidence = 0;
  let calmSince = 0;
  let calm = 0;
  /** How often the estimate has grown since the last refusal, and when that was. */
  let growths = 0;
  let last: number | null = null;

  const forward = (now: number): void => {
    if (rate === null) return;
    const { by, after, ms } = growth(evidence, growths);
    if (now - calmSince >= ms && calm >= after) {
      rate *= by;
      growths += 1;
      calmSince = now;
      calm = 0;
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
      if (since !== null) passed.push(now);
    },
    withdrawn(sentAt) {
      const at = passed.lastIndexOf(sentAt);
      if (at >= 0) passed.splice(at, 1);
    },
    refused(sentAt, inFlight) {
      const between = (from: number): number => passed.filter((at) => at >= from && at < sentAt).length;
      if (rate !== null && last !== null && isLower(between(last), rate * (sentAt - last))) since = last;
      const before = last;
      last = sentAt;
      growths = 0;
      const count = since === null ? 0 : between(since);
      const elapsed = since === null ? 0 : sentAt - since;
      // Refused again with nothing let through between: a limit of another kind, of which the time says nothing.
      const tells = before === null || between(before) > 0;
      if (tells && elapsed > 0 && count > 0) {
        rate = (count / elapsed) * aim(count);
        evidence = count;
      }
      // Those on their way may yet take what fills the bucket now: a second's worth, as answers are that quick.
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
