import { FailureType } from '../contract/failure.js';
import { EmbeddingError } from '../providers/errors/errors.js';
import { fallbackPrice } from '../providers/prices/prices.js';
import type { Provider } from '../providers/types.js';

/**
 * The price of a token in nanodollars: the provider's list first, our table second, null when neither knows. Throws
 * where the provider has a list without that model.
 */
export async function priceOf(
  provider: Provider,
  model: string,
  signal?: AbortSignal,
): Promise<{ nanosPerToken: number | null; source: 'provider' | 'table' | 'unknown' }> {
  const known = fallbackPrice(model);
  const otherwise = { nanosPerToken: known, source: known === null ? 'unknown' : 'table' } as const;
  try {
    const info = await provider.model(model, signal);
    if (info !== null) return { nanosPerToken: info.nanosPerToken, source: 'provider' };
    return otherwise;
  } catch (error) {
    if (error instanceof EmbeddingError && error.type === FailureType.Blocked) throw error;
    return otherwise;
  }
}
