import { required, type Settings } from '../../config.js';
import { knownModel } from '../../domain/known-model.js';
import { openProvider } from '../../hosting/open-parts.js';
import { usd } from '../../terminal/format.js';

/** Asks the provider whether the key is valid. Costs nothing. */
export async function checkKey(settings: Settings): Promise<string> {
  const { apiKey } = required(settings, 'apiKey');
  const key = await openProvider({ ...settings, apiKey }, 'document').key();
  if (!key.checked) return 'the provider does not say whether the key is valid: the embedding below shows it';
  return key.limitRemainingUsd === null ? 'accepted' : `accepted, ${usd(key.limitRemainingUsd * 1e9)} left`;
}

export async function checkModel(settings: Settings): Promise<string> {
  const provider = openProvider(settings, 'document');
  const { nanosPerToken, source } = await knownModel(provider, settings.model);
  const price =
    nanosPerToken === null ? 'no price known' : `${usd(nanosPerToken * 1e6)} per million tokens (${source})`;
  return `${settings.model}, ${settings.dimensions} dimensions, ${price}`;
}
