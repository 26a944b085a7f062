import type { Attempt, Settlement } from '../engines/types.js';
import type { EmbeddingError } from '../providers/errors/errors.js';
import type { EmbedAnswer } from '../providers/types.js';
import type { CountedTokens } from './count-usage.js';

/**
 * Creates the settlement of an answered attempt. The cost is usage.cost, or tokens × price if the provider states none;
 * unknown stays unknown. A stated cost is never overwritten; if the cap cannot rely on it, `boundNanos` is what may
 * have been billed.
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
 * Returns the upper bound of an answered attempt's cost; undefined: the bound it was opened with. A stated cost below
 * tokens × the listed price may be a discount, or false: both look alike, so the difference is uncertain.
 */
function boundOf(
  { boundNanos: opened }: Attempt,
  { cached, costNanos, costMost, byok }: EmbedAnswer,
  { most }: CountedTokens,
  nanosPerToken: number | null,
): number | undefined {
  if (cached) return costNanos ?? 0;
  if (costMost !== null && costNanos !== 0) {
    // With the user's own key the provider behind has prices of its own, and both parts are stated.
    return byok !== null ? costMost : Math.max(costMost, pricedAt(most, nanosPerToken) ?? opened ?? 0);
  }
  // The stated cost is 0, a part (only the fee), or missing: the rest is bounded by tokens, or as the attempt was.
  const rest = (most === null || nanosPerToken === null ? null : Math.ceil(most * nanosPerToken)) ?? opened;
  return rest === null ? undefined : Math.max(costMost ?? 0, (costNanos ?? 0) + rest);
}

/**
 * Creates the settlement of an attempt that ended with an error: failed if it was surely not billed, uncertain if it
 * may have been.
 */
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

/** Returns the bound after an error: an unusable answer may state a higher cost than the attempt's bound. */
function boundAfter(
  { boundNanos: opened }: Attempt,
  { billed, statedNanos }: EmbeddingError,
): { boundNanos?: number } {
  if (billed === 'no') return { boundNanos: 0 };
  return statedNanos === null ? {} : { boundNanos: Math.max(statedNanos, opened ?? 0) };
}
