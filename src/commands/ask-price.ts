import type { Settings } from '../config.js';
import { knownModel } from '../domain/known-model.js';
import { usageFault } from '../fault.js';
import { openProvider } from '../hosting/open-parts.js';

const PRICE_TIMEOUT_MS = 5000;

/**
 * Today's price of a token, asked with the key where there is one: a provider may show its list to keys alone. Throws a
 * Fault where the key is refused, or the list does not have the model. May be awaited later: it rejects unheard till then.
 */
export function askPrice(settings: Settings): ReturnType<typeof knownModel> {
  const provider = openProvider(settings, 'document');
  const asked = knownModel(provider, settings.model, AbortSignal.timeout(PRICE_TIMEOUT_MS)).catch(
    (error: unknown) => {
      throw usageFault(error instanceof Error ? error.message : String(error), error);
    },
  );
  asked.catch(() => undefined);
  return asked;
}
