/**
 * Recognises a provider that refuses at random, as an overloaded one does, whatever the pace. Slowing down does not
 * help there, and a limit that is estimated from such refusals only ever falls. So when refusals come sooner than the
 * estimated limit explains, the pace is given up for a while, as an experiment: if clearly more requests are refused
 * without it, the limit is real. Times are milliseconds of a monotonic clock.
 */
export interface RandomRefusals {
  /** Whether no pace is kept at that time. */
  ignores(at: number): boolean;
  /** Counts accepted requests by their send time: 1 when one leaves, -1 when it comes back refused or failed. */
  count(sentAt: number, requests: number): void;
  /** Notes a refusal. @returns `begin`: give up the pace; `end`: the limit is real, keep to it again; else null. */
  refused(at: number, interval: { accepted: number; evidence: number } | null): 'begin' | 'end' | null;
}

/**
 * A refusal after fewer accepted requests than this, and than half of those that the estimate rests on, is sooner than
 * the estimate explains.
 */
const SOON = 30;
/** So many in a row begin the experiment. */
const IN_A_ROW = 2;
const EXPERIMENT_MS = 90_000;
/** From so many refusals on, the experiment may show that the limit is real. */
const TELLING = 8;
/** Share of requests refused without a pace that shows a real limit: twice the share with it and this, at most that. */
const MORE = 0.1;
const MUCH = 0.35;
/** How long a limit that was shown to be real is not doubted again; doubles each time. Milliseconds. */
const TRUSTED_MS = 180_000;

interface Tally {
  accepted: number;
  refused: number;
}
const shareOf = ({ accepted, refused }: Tally): number => refused / Math.max(1, accepted + refused);

export function createRandomRefusals(): RandomRefusals {
  const paced: Tally = { accepted: 0, refused: 0 };
  let unpaced: Tally = { accepted: 0, refused: 0 };
  let inARow = 0;
  let until = Number.NEGATIVE_INFINITY;
  let trustedUntil = Number.NEGATIVE_INFINITY;
  let trustedMs = TRUSTED_MS;

  return {
    ignores: (at) => at < until,
    count(sentAt, requests) {
      (sentAt < until ? unpaced : paced).accepted += requests;
    },
    refused(at, interval) {
      if (at < until) {
        unpaced.refused += 1;
        const most = Math.min(MUCH, 2 * shareOf(paced) + MORE);
        if (unpaced.refused < TELLING || shareOf(unpaced) <= most) return null;
        until = Number.NEGATIVE_INFINITY;
        trustedUntil = at + trustedMs;
        trustedMs *= 2;
        return 'end';
      }
      paced.refused += 1;
      const isSoon = interval !== null && interval.accepted < Math.min(SOON, interval.evidence / 2);
      inARow = isSoon ? inARow + 1 : 0;
      if (inARow < IN_A_ROW || at < trustedUntil) return null;
      inARow = 0;
      until = at + EXPERIMENT_MS;
      unpaced = { accepted: 0, refused: 0 };
      return 'begin';
    },
  };
}
