import { FailureType } from '../contract/failure.js';
import { EmbeddingError } from '../providers/errors/errors.js';
import { fallbackPrice } from '../providers/prices/prices.js';
import { inputTokensOf } from '../providers/tokens.js';
import type { Provider } from '../providers/types.js';

export interface KnownModel {
  /** Nanodollars; null: no price is known. */
  nanosPerToken: number | null;
  /** Where the price is from: the provider's list first, our table second. */
  source: 'provider' | 'table' | 'unknown';
  /** Most tokens of one text that the model accepts; null: unknown, so texts that are too long are not found here. */
  maxInputTokens: number | null;
}

/** Returns what is known of a model before anything is sent. Throws if the provider has a list without that model. */
export async function knownModel(
  provider: Provider,
  model: string,
  signal?: AbortSignal,
): Promise<KnownModel> {
  const known = fallbackPrice(model);
  const otherwise: KnownModel = {
    nanosPerToken: known,
    source: known === null ? 'unknown' : 'table',
    maxInputTokens: inputTokensOf(model, null),
  };
  try {
    const info = await provider.model(model, signal);
    if (info === null) return otherwise;
    const { nanosPerToken, contextLength } = info;
    return { nanosPerToken, source: 'provider', maxInputTokens: inputTokensOf(model, contextLength) };
  } catch (error) {
    if (error instanceof EmbeddingError && error.type === FailureType.Blocked) throw error;
    return otherwise;
  }
}
