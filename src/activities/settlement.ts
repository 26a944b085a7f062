import { FailureType } from '../contract.js';
import type { EmbeddingError } from '../embedding/errors.js';
import type { EmbedAnswer } from '../embedding/types.js';
import type { Attempt, Settlement } from '../store/types.js';

/** usage.cost is the truth; tokens × price where the provider does not say; unknown stays unknown. */
export function settledBy(
  attempt: Attempt,
  answer: EmbedAnswer,
  tokens: number | null,
  nanosPerToken: number | null,
): Settlement {
  const priced = tokens === null || nanosPerToken === null ? null : Math.round(tokens * nanosPerToken);
  const costNanos = answer.costNanos ?? priced;
  const costSource = answer.costNanos !== null ? 'provider' : priced !== null ? 'price' : 'unknown';
  const { providerId, cached, latencyMs } = answer;
  const metadata = {
    providerId,
    cached,
    latencyMs: Math.round(latencyMs),
    ...(tokens !== answer.tokens && { tokensCountedHere: true }),
  };
  return {
    requestId: attempt.requestId,
    status: 'settled',
    tokens,
    costNanos,
    costSource,
    ...(costNanos !== null && { boundNanos: costNanos }),
    metadata,
  };
}

/** An attempt that surely was not billed has failed; where the bill cannot be known it is uncertain. */
export function settlementOf(attempt: Attempt, error: EmbeddingError): Settlement {
  const uncertain = error.sent === 'maybe' || error.type === FailureType.InvalidResponse;
  return {
    requestId: attempt.requestId,
    status: uncertain ? 'uncertain' : 'failed',
    tokens: uncertain ? null : 0,
    costNanos: uncertain ? null : 0,
    costSource: uncertain ? 'unknown' : 'provider',
    metadata: { error: error.message, type: error.type, httpStatus: error.status },
  };
}
