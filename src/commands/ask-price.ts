import type { Settings } from '../config.js';
import { knownModel } from '../domain/known-model.js';
import { usageFault } from '../fault.js';
import { openProvider } from '../hosting/open-parts.js';

const PRICE_TIMEOUT_MS = 5000;

/**
 * Asks for today's price of a token, with the key if one is set: a provider may show its list only to key holders.
 * Throws a Fault if the key is refused or the list lacks the model. The promise may be awaited later: until then its
 * rejection is not reported as unhandled.
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
