import type { Settings } from '../config.js';

/** What these settings hold that no log may show: keys, tokens, and the passwords inside connection URLs. */
export function secretsOf(settings: Settings): string[] {
  const { apiKey, storeToken, storeUrl, catalogUrl, environment } = settings;
  const { TEMPORAL_API_KEY, TEMPORAL_TLS_CLIENT_KEY_DATA, EMBEDDINGS_CODEC_KEY } = environment;
  return [
    apiKey,
    storeToken,
    TEMPORAL_API_KEY,
    TEMPORAL_TLS_CLIENT_KEY_DATA,
    EMBEDDINGS_CODEC_KEY,
    ...passwordsIn(storeUrl),
    ...passwordsIn(catalogUrl),
  ].filter((secret): secret is string => typeof secret === 'string' && secret !== '');
}

function passwordsIn(text: string | null): string[] {
  if (text === null || !URL.canParse(text)) return [];
  const { password, searchParams } = new URL(text);
  const named = [...searchParams].filter(([name]) => /pass|pwd|token|secret|key|jwt/i.test(name));
  return [password, decoded(password), ...named.map(([, value]) => value)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
