import type { Attempt, Settlement } from '../engines/types.js';
import type { EmbeddingError } from '../providers/errors/errors.js';
import type { EmbedAnswer } from '../providers/types.js';
import type { CountedTokens } from './count-usage.js';

/**
 * usage.cost is the truth; tokens × price where the provider does not say; unknown stays unknown. A stated cost is never
 * overwritten, and where it cannot be believed for the cap, `boundNanos` says what may have been billed.
 */
export function settledBy(
  attempt: Attempt,
  answer: EmbedAnswer,
  counted: CountedTokens,
  nanosPerToken: number | null,
): Settlement {
  const { providerId, cached, latencyMs, byok } = answer;
  const priced = pricedAt(counted.tokens, nanosPerToken);
  const costNanos = answer.costNanos ?? priced;
  const costSource = answer.costNanos !== null ? 'provider' : priced !== null ? 'price' : 'unknown';
  const metadata = {
    providerId,
    cached,
    latencyMs: Math.round(latencyMs),
    ...(counted.here && { tokensCountedHere: true }),
    ...(byok !== null && { byok: true, ...byok }),
    ...(answer.unusable.length > 0 && { unusable: answer.unusable.length }),
  };
  const boundNanos = boundOf(attempt, answer, counted, nanosPerToken);
  return {
    requestId: attempt.requestId,
    status: 'settled',
    tokens: counted.tokens,
    costNanos,
    costSource,
    ...(costNanos !== null && { boundNanos: costNanos }),
    metadata,
    ...(boundNanos !== undefined && { boundNanos: Math.max(boundNanos, costNanos ?? 0) }),
  };
}

const pricedAt = (tokens: number | null, nanosPerToken: number | null): number | null =>
  tokens === null || nanosPerToken === null ? null : Math.round(tokens * nanosPerToken);

/**
 * The most that an answered attempt may have cost; undefined: as it was opened. A stated cost below tokens × the listed
 * price may be a discount, or false: both look alike, so the difference is not certain.
 */
function boundOf(
  { boundNanos: opened }: Attempt,
  { cached, costNanos, costMost, byok }: EmbedAnswer,
  { most }: CountedTokens,
  nanosPerToken: number | null,
): number | undefined {
  if (cached) return costNanos ?? 0;
  if (costMost !== null && costNanos !== 0) {
    // With a key of one's own the provider behind has prices of its own, and both parts are said.
    return byok !== null ? costMost : Math.max(costMost, pricedAt(most, nanosPerToken) ?? opened ?? 0);
  }
  // What is stated is 0, or a part (the fee alone), or nothing: the rest is bounded by tokens, or as the attempt was.
  const rest = (most === null || nanosPerToken === null ? null : Math.ceil(most * nanosPerToken)) ?? opened;
  return rest === null ? undefined : Math.max(costMost ?? 0, (costNanos ?? 0) + rest);
}

/** An attempt that surely was not billed has failed; where the bill cannot be known it is uncertain. */
export function settlementOf(attempt: Attempt, error: EmbeddingError): Settlement {
  const uncertain = error.billed === 'maybe';
  return {
    requestId: attempt.requestId,
    status: uncertain ? 'uncertain' : 'failed',
    tokens: uncertain ? null : 0,
    costNanos: uncertain ? null : 0,
    costSource: uncertain ? 'unknown' : 'provider',
    metadata: { error: error.message, type: error.type, httpStatus: error.status },
    ...boundAfter(attempt, error),
  };
}

/** An answer that cannot be used may still say that it cost more than anybody could have thought. */
function boundAfter(
  { boundNanos: opened }: Attempt,
  { billed, statedNanos }: EmbeddingError,
): { boundNanos?: number } {
  if (billed === 'no') return { boundNanos: 0 };
  return statedNanos === null ? {} : { boundNanos: Math.max(statedNanos, opened ?? 0) };
}
