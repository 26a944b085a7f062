import { knownModel } from '../domain/known-model.js';
import type { Provider } from '../providers/types.js';

/** How long a price is used; a run uses its price for longer. */
const FRESH_MS = 10 * 60_000;
/** Short, since a person is waiting. */
const TIMEOUT_MS = 5000;

interface Known {
  nanosPerToken: number | null;
  /** `performance.now()` when it was read. */
  at: number;
}

/** Prices by model, for each keeper: the store that is open for many searches. */
const known = new WeakMap<object, Map<string, Known>>();

/**
 * Returns the price that bounds a search's cost, nanodollars a token. As for a run, the provider's list comes first and
 * our table second; null if neither has the model. `keeper`: the object whose lifetime limits the cache. Throws an
 * EmbeddingError if the provider has a list without that model.
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
