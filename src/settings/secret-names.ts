/** Settings that are secrets; their values are never shown. */
const SECRET =
  /^(?:OPENROUTER_(?:API|MANAGEMENT)_KEY|TURSO_AUTH_TOKEN|EMBEDDINGS_CODEC_KEY|TEMPORAL_API_KEY|TEMPORAL_TLS_\w+_DATA|TEMPORAL_CODEC_AUTH|TEMPORAL_GRPC_META_\w+)$/;
/** Settings that may hold a secret as part of a URL. */
const URLS = /^(?:DATABASE_URL|TURSO_DATABASE_URL|OPENROUTER_BASE_URL)$/;

export const namesSecret = (name: string): boolean => SECRET.test(name);
export const namesUrl = (name: string): boolean => URLS.test(name);

const FILE = '_FILE';

/**
 * Returns the setting that a name like `OPENROUTER_API_KEY_FILE` reads from a file; null: the name is not of that form.
 */
export function inFileOf(name: string): string | null {
  if (!name.endsWith(FILE)) return null;
  const setting = name.slice(0, -FILE.length);
  return namesSecret(setting) || namesUrl(setting) ? setting : null;
}
