import type { Settings } from '../config.js';

/** Returns what no log may show: keys, tokens, and the passwords inside connection URLs. */
export function secretsOf(settings: Settings): string[] {
  const { apiKey, managementKey, storeToken, storeUrl, catalogUrl, environment } = settings;
  const { TEMPORAL_API_KEY, TEMPORAL_TLS_CLIENT_KEY_DATA, EMBEDDINGS_CODEC_KEY } = environment;
  return [
    apiKey,
    managementKey,
    storeToken,
    TEMPORAL_API_KEY,
    TEMPORAL_TLS_CLIENT_KEY_DATA,
    EMBEDDINGS_CODEC_KEY,
    ...passwordsIn(storeUrl),
    ...passwordsIn(catalogUrl),
  ].filter((secret): secret is string => typeof secret === 'string' && secret !== '');
}

/** Returns passwords as written and as decoded. Not read by URL, which would write some characters differently. */
function passwordsIn(text: string | null): string[] {
  if (text === null) return [];
  const login = /^[a-z][\w+.-]*:\/*[^:@/?#]*:(.*)@/is.exec(text)?.[1];
  const named = [...text.matchAll(/[?&][^=&#]*(?:pass|pwd|token|secret|key|jwt)[^=&#]*=([^&#]*)/gi)];
  const found = [login ?? '', ...named.map((match) => match[1] ?? '')];
  return [...found, ...found.map(decoded)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
