/** Settings that are secrets themselves; their values are shown nowhere. */
const SECRET =
  /^(?:OPENROUTER_API_KEY|TURSO_AUTH_TOKEN|EMBEDDINGS_CODEC_KEY|TEMPORAL_API_KEY|TEMPORAL_TLS_\w+_DATA|TEMPORAL_CODEC_AUTH|TEMPORAL_GRPC_META_\w+)$/;
/** Settings that may hold a secret as part of a URL. */
const URLS = /^(?:DATABASE_URL|TURSO_DATABASE_URL|OPENROUTER_BASE_URL)$/;

export const namesSecret = (name: string): boolean => SECRET.test(name);
export const namesUrl = (name: string): boolean => URLS.test(name);
