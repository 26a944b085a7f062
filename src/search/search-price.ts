import { knownModel } from '../domain/known-model.js';
import type { Provider } from '../providers/types.js';

/** How long a price is relied on; a run relies on its own for longer. */
const FRESH_MS = 10 * 60_000;
/** A person is waiting. */
const TIMEOUT_MS = 5000;

interface Known {
  nanosPerToken: number | null;
  /** Of performance.now(). */
  at: number;
}

/** By the store that is kept open for many searches. */
const known = new WeakMap<object, Map<string, Known>>();

/**
 * The price that a search is bounded by, nanodollars a token: that of a run, so the provider's list first, our table
 * second; null where neither knows. `keeper`: whoever lives as long as the price shall be remembered. Throws an
 * EmbeddingError where the provider has a list without that model.
 */
export async function searchPrice(keeper: object, provider: Provider, model: string): Promise<number | null> {
  const prices = known.get(keeper) ?? new Map<string, Known>();
  known.set(keeper, prices);
  const remembered = prices.get(model);
  if (remembered !== undefined && performance.now() - remembered.at < FRESH_MS)
    return remembered.nanosPerToken;
  const { nanosPerToken, source } = await knownModel(provider, model, AbortSignal.timeout(TIMEOUT_MS));
  if (source === 'provider') prices.set(model, { nanosPerToken, at: performance.now() });
  return nanosPerToken;
}
