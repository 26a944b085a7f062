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
  /** One of those counted was not let through. */
  withdrawn(): void;
  /** A request that left at `sentAt` met the limit. */
  refused(sentAt: number): void;
  /** Requests a minute; null: nothing learned yet. */
  readonly perMinute: number | null;
}

/** Fewer say little about a rate. */
const ENOUGH = 5;
/** Above the estimate, so that the limit is found again: about one request in a hundred is refused. */
const OVERSHOOT = 0.01;
/** What may be made up for after a pause, as the provider's bucket fills meanwhile. */
const CREDIT_MS = 2000;
/** A limit that was raised is found by growing: each time this long without a refusal, by a twentieth. */
const GROW_EVERY_MS = 20_000;
const GROWTH = 1.05;
/** Limits change: an estimate rests on no more than this. */
const MEMORY_MS = 120_000;

export function createLearnedPace(): LearnedPace {
  let rate: number | null = null;
  let since: number | null = null;
  let passed = 0;
  let credit = 0;
  let creditAt = 0;
  let calmSince = 0;

  const forward = (now: number): void => {
    if (rate === null) return;
    for (; now - calmSince >= GROW_EVERY_MS; calmSince += GROW_EVERY_MS) rate *= GROWTH;
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
      passed += 1;
    },
    withdrawn() {
      passed = Math.max(0, passed - 1);
    },
    refused(sentAt) {
      forward(sentAt);
      const elapsed = since === null ? 0 : sentAt - since;
      if (elapsed > 0 && passed >= ENOUGH) rate = (passed / elapsed) * (1 + Math.max(OVERSHOOT, 1 / passed));
      credit = 0;
      creditAt = sentAt;
      calmSince = sentAt;
      if (since !== null && elapsed < MEMORY_MS) return;
      since = sentAt;
      passed = 0;
    },
    get perMinute() {
      return rate === null ? null : Math.round(rate * 60_000);
    },
  };
}
