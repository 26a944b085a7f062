import { FailureType } from '../contract/failure.js';
import { EmbeddingError } from './errors/errors.js';
import { exchange, parseJson } from './http/http.js';
import { listedModel } from './prices/price-list.js';
import type { Provider } from './types.js';

export interface MetadataOptions {
  apiKey: string | null;
  /** Checked, without a trailing slash. */
  baseUrl: string;
  headers: Record<string, string>;
  send: typeof fetch;
  timeoutMs: number;
}

const MAX_BYTES = 32 * 2 ** 20;
/** Statuses of a server or proxy that does not answer these questions. Embedding requests may still work. */
const DOES_NOT_SAY = new Set([400, 403, 404, 405, 410, 501, 503]);

/** Asks a provider for everything except embeddings. An answer without information is no error. */
export function createMetadataRequests({
  apiKey,
  baseUrl,
  headers,
  send,
  timeoutMs,
}: MetadataOptions): Pick<Provider, 'model' | 'key'> {
  /** Returns null when the provider does not say. */
  const get = async (path: string, signal: AbortSignal | undefined): Promise<unknown> => {
    const what = `OpenRouter GET ${path}`;
    const call = { what, timeoutMs, maxBytes: MAX_BYTES, signal, secret: apiKey };
    try {
      return parseJson(
        what,
        await exchange((ending) => send(baseUrl + path, { headers, signal: ending }), call),
      );
    } catch (error) {
      if (!(error instanceof EmbeddingError)) throw error;
      if (error.type === FailureType.InvalidResponse) return null;
      if (error.status !== null && DOES_NOT_SAY.has(error.status)) return null;
      // A 429 becomes a transient error here, as no batch may wait because of a question.
      if (error.type !== FailureType.RateLimited) throw error;
      const { message, status, retryAfterMs, billed } = error;
      const fields = { type: FailureType.Transient, status, retryAfterMs, billed };
      throw new EmbeddingError(message, fields, { cause: error });
    }
  };

  return {
    async model(id, signal) {
      const json = await get('/embeddings/models', signal).catch((error: unknown) => {
        // A protected list shows nothing to a request without a key.
        if (apiKey === null && isUnauthorized(error)) return null;
        throw isUnauthorized(error) ? refusedKey(error, apiKey, baseUrl) : error;
      });
      return listedModel(json, id, baseUrl);
    },
    async key(signal) {
      const json = await get('/key', signal).catch((error: unknown) => {
        throw isUnauthorized(error) ? refusedKey(error, apiKey, baseUrl) : error;
      });
      const { data } = (json ?? {}) as { data?: { limit_remaining?: unknown } | null };
      const remaining = data?.limit_remaining;
      return {
        checked: typeof data === 'object' && data !== null,
        limitRemainingUsd: typeof remaining === 'number' ? remaining : null,
      };
    },
  };
}

const isUnauthorized = (error: unknown): error is EmbeddingError =>
  error instanceof EmbeddingError && error.status === 401;

function refusedKey(error: EmbeddingError, apiKey: string | null, baseUrl: string): EmbeddingError {
  const { host } = new URL(baseUrl);
  const message =
    apiKey === null
      ? `OPENROUTER_API_KEY is not set and ${host} asks for one (401): make a key at openrouter.ai/keys`
      : `OPENROUTER_API_KEY was refused by ${host} (401): make a new key at openrouter.ai/keys`;
  const { status, retryAfterMs, billed } = error;
  return new EmbeddingError(
    message,
    { type: FailureType.Blocked, status, retryAfterMs, billed },
    { cause: error },
  );
}
