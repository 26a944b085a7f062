import {
  type Explanation,
  type ExplanationKind,
  type Figures,
  isZero,
  type LedgerAttempt,
  minus,
} from './types.js';
import { largest, mostOf, withoutTokens } from './unbooked-cost.js';

/** What may explain a difference on one day, besides what is certain. */
export interface Candidates {
  /** Answered, without a reliable cost. */
  unpriced: LedgerAttempt[];
  uncertain: LedgerAttempt[];
  pending: LedgerAttempt[];
  failed: LedgerAttempt[];
  cached: LedgerAttempt[];
  /** Amount paid upstream according to the provider, beyond what the attempts were booked with. */
  upstreamNanos: bigint;
  /** Answered attempts of the day without an upstream amount. */
  withoutUpstream: LedgerAttempt[];
  /** The lowest price that day, nanodollars per token; null when not known. */
  nanosPerToken: number | null;
  /** Whether other programs use the same key: what exceeds our figures is theirs. */
  sharedKey: boolean;
  /** Nanodollars that rounding may have lost. */
  slack: bigint;
}

export interface Explained {
  explanations: Explanation[];
  /** The part that stays unexplained. */
  rest: Figures;
}

/** Splits a difference (provider minus ledger) into explanations, the most certain ones first. */
export function explainRest(difference: Figures, candidates: Candidates): Explained {
  const explanations: Explanation[] = [];
  let rest = difference;
  const take = (
    kind: ExplanationKind,
    part: Partial<Figures>,
    attempts: readonly LedgerAttempt[],
    of: number,
  ): void => {
    const figures = { requests: 0, tokens: 0n, costNanos: 0n, ...part };
    if (isZero(figures)) return;
    const ids = attempts.map(({ requestId }) => requestId);
    explanations.push({ kind, ...figures, attempts: ids, of });
    rest = minus(rest, figures);
  };
  const { unpriced, uncertain, pending, failed, cached } = candidates;
  const { upstreamNanos, withoutUpstream, slack, sharedKey } = candidates;

  if (rest.requests < 0) {
    const hidden = Math.min(cached.length, -rest.requests);
    take('cached', { requests: -hidden }, cached, hidden);
  }
  if (rest.costNanos > 0n && upstreamNanos > 0n && withoutUpstream.length > 0)
    take(
      'upstream',
      { costNanos: least(rest.costNanos, upstreamNanos) },
      withoutUpstream,
      withoutUpstream.length,
    );
  for (const [kind, attempts] of [
    ['uncertain', uncertain],
    ['pending', pending],
  ] as const) {
    const billed = largest(attempts, Math.max(0, rest.requests));
    const part = { ...within(rest, billed, candidates), requests: billed.length };
    take(kind, part, attempts, billed.length);
  }
  take('unpriced', within(rest, unpriced, candidates), unpriced, unpriced.length);
  if (rest.requests > 0 && rest.tokens === 0n) {
    const counted = Math.min(failed.length, rest.requests);
    take('failed', { requests: counted }, failed, counted);
  }
  if (rest.costNanos <= slack && rest.costNanos >= -slack)
    take('rounding', { costNanos: rest.costNanos }, [], 0);
  if (sharedKey && rest.requests > 0 && rest.tokens >= 0n && rest.costNanos >= 0n)
    take('sharedKey', rest, [], rest.requests);
  return { explanations, rest };
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Returns the part of a difference that these attempts may have used beyond their bookings, in tokens and money. */
function within(
  { tokens, costNanos }: Figures,
  attempts: readonly LedgerAttempt[],
  { nanosPerToken }: Pick<Candidates, 'nanosPerToken'>,
): Pick<Figures, 'tokens' | 'costNanos'> {
  return {
    tokens: clamped(tokens, tokensWithin(mostOf(attempts.filter(withoutTokens)), nanosPerToken)),
    costNanos: clamped(costNanos, mostOf(attempts)),
  };
}

/** Returns the most tokens that an amount buys; null when not known. */
function tokensWithin(nanos: bigint | null, nanosPerToken: number | null): bigint | null {
  if (nanos === 0n) return 0n;
  return nanos === null || nanosPerToken === null ? null : BigInt(Math.ceil(Number(nanos) / nanosPerToken));
}

/** Limits a value to 0 … `end`; null: no upper limit. */
function clamped(value: bigint, end: bigint | null): bigint {
  if (value <= 0n) return 0n;
  return end === null ? value : least(value, end);
}
