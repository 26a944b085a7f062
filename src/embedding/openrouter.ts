import { setImmediate as turn } from 'node:timers/promises';
import { FailureType } from '../contract.js';
import { outgoingFetch } from '../outgoing/fetch.js';
import { checkedBaseUrl, checkKey } from './base-url.js';
import { checkAnswer, invalidResponse } from './check-answer.js';
import { EmbeddingError } from './errors.js';
import { contentHash } from './fingerprint.js';
import { exchange, type HttpAnswer, parseJson } from './http.js';
import { postEmbeddings } from './post-embeddings.js';
import { nanosPerToken } from './prices.js';
import { oneLine } from './sentence.js';
import type { EmbedAnswer, EmbedRequest, ModelInfo, Provider } from './types.js';
import { createVectorLengths } from './vector-length.js';

export interface OpenRouterOptions {
  /** Null: requests go without a key, for servers that need none. */
  apiKey: string | null;
  /** `https://openrouter.ai/api/v1`, or a server like it. */
  baseUrl: string;
  /** For each whole call, body included; default 60,000 ms. */
  timeoutMs?: number;
  /** Default: through the machine's proxy where there is one. */
  fetch?: typeof fetch;
}

const MiB = 2 ** 20;
/** A number in JSON takes about 20 bytes, in base64 five. */
const MAX_BYTES_PER_NUMBER = 32;
/** Requests whose last answer was unusable, remembered so as to step around the provider's cache of it. */
const MAX_SUSPECTS = 1000;

/** The embeddings API of OpenRouter. Throws a usage Fault for a base address or key that must not be used. */
export function createOpenRouter(options: OpenRouterOptions): Provider {
  const { apiKey, timeoutMs = 60_000 } = options;
  checkKey(apiKey);
  const baseUrl = checkedBaseUrl(options.baseUrl, apiKey !== null);
  const send: typeof fetch = (input, init) =>
    (options.fetch ?? outgoingFetch)(input, { ...init, redirect: 'manual' });
  const headers: Record<string, string> = {
    ...(apiKey !== null && { Authorization: `Bearer ${apiKey}` }),
    'HTTP-Referer': 'http://localhost/sample-embeddings',
    'X-Title': 'sample-embeddings',
    Accept: 'application/json',
  };
  /** True: the bad answer came from the cache, or was not the first. Else the repeat may well be free, and is not forced. */
  const suspects = new Map<string, boolean>();

  const get = async (path: string, signal: AbortSignal | undefined): Promise<unknown> => {
    const what = `OpenRouter GET ${path}`;
    const call = { what, timeoutMs, maxBytes: 32 * MiB, signal, secret: apiKey };
    try {
      return parseJson(
        what,
        await exchange((ending) => send(baseUrl + path, { headers, signal: ending }), call),
      );
    } catch (error) {
      // A server without this address is no fault: it does not say, that is all.
      if (error instanceof EmbeddingError && error.status === 404) return null;
      throw error;
    }
  };

  const lengths = createVectorLengths();

  const embedOnce = async (
    { model, dimensions, texts, subject, signal, received }: EmbedRequest,
    told: { dimensions?: number },
  ): Promise<EmbedAnswer> => {
    const what = `OpenRouter POST /embeddings (${subject})`;
    const maxBytes = Math.max(8 * MiB, MAX_BYTES_PER_NUMBER * dimensions * texts.length);
    const fingerprint = contentHash({ model, dimensions, text: JSON.stringify(texts) });
    const started = performance.now();
    const answer = await postEmbeddings(
      { model, texts, ...told },
      {
        baseUrl,
        headers: suspects.get(fingerprint) ? { ...headers, 'X-OpenRouter-Cache-Clear': 'true' } : headers,
        send,
        call: { what, timeoutMs, maxBytes, signal, secret: apiKey },
      },
    );
    if (received !== undefined) {
      received();
      // Whoever waited for this sends before the answer is read, which takes long and leaves no turn.
      await turn();
    }
    try {
      const expected = { what, inputs: texts.length, dimensions, headers: answer.headers, secret: apiKey };
      const checked = checkAnswer(parseJson(what, answer), expected);
      suspects.delete(fingerprint);
      lengths.right(model);
      const cached = isCached(answer, checked.tokens);
      const free = cached ? { tokens: 0, costNanos: 0 } : {};
      return { ...checked, ...free, cached, latencyMs: performance.now() - started };
    } catch (error) {
      const known = suspects.has(fingerprint);
      if (known || suspects.size < MAX_SUSPECTS) suspects.set(fingerprint, known || isHit(answer));
      throw lengths.judged(model, dimensions, error);
    }
  };

  return {
    async embed(request) {
      const told = lengths.parameter(request.model, request.dimensions);
      try {
        return await embedOnce(request, told);
      } catch (error) {
        // A refused request is not billed.
        if (lengths.learns(request.model, told, error)) return embedOnce(request, {});
        throw error;
      }
    },

    async model(id, signal) {
      const json = (await get('/embeddings/models', signal)) as { data?: unknown } | null;
      if (json === null) return null;
      if (!Array.isArray(json.data))
        throw invalidResponse('OpenRouter GET /embeddings/models', 'the answer has no data');
      const ids = json.data.map((entry) => String(entry?.id));
      if (ids.length > 0 && !ids.includes(id)) throw unknownModel(id, ids, baseUrl);
      const listed = json.data[ids.indexOf(id)] as Record<string, unknown> | undefined;
      return listed === undefined ? null : modelInfo(id, listed);
    },

    async key(signal) {
      try {
        const json = (await get('/key', signal)) as { data?: { limit_remaining?: unknown } } | null;
        const remaining = json?.data?.limit_remaining;
        return { limitRemainingUsd: typeof remaining === 'number' ? remaining : null };
      } catch (error) {
        throw refusedKey(error, apiKey, baseUrl);
      }
    },
  };
}

/** A hit reports usage 0, which no text has: each begins with `Title: `. */
const isCached = (answer: HttpAnswer, tokens: number | null): boolean => isHit(answer) || tokens === 0;

const isHit = ({ headers }: HttpAnswer): boolean =>
  headers.get('x-openrouter-cache-status')?.toUpperCase() === 'HIT';

/** Null when the price is not given in a form that can be relied on. */
function modelInfo(id: string, listed: Record<string, unknown>): ModelInfo | null {
  const price = nanosPerToken((listed.pricing as { prompt?: unknown } | undefined)?.prompt);
  const { context_length: contextLength } = listed;
  return price === null
    ? null
    : { id, nanosPerToken: price, contextLength: typeof contextLength === 'number' ? contextLength : 8192 };
}

const SHOWN_MODELS = 5;

function unknownModel(id: string, ids: readonly string[], baseUrl: string): EmbeddingError {
  const name = id.split('/').at(-1) ?? id;
  const near = [...ids].sort((a, b) => Number(b.includes(name)) - Number(a.includes(name)));
  const more = ids.length > SHOWN_MODELS ? ', …' : '';
  return new EmbeddingError(
    `EMBEDDING_MODEL ${oneLine(id, null)} is not among the ${ids.length} embedding models of ${new URL(baseUrl).host}: ` +
      `${near
        .slice(0, SHOWN_MODELS)
        .map((each) => oneLine(each, null))
        .join(', ')}${more}`,
    { type: FailureType.Blocked, status: 404, retryAfterMs: null, sent: 'no' },
  );
}

function refusedKey(error: unknown, apiKey: string | null, baseUrl: string): unknown {
  if (!(error instanceof EmbeddingError) || (error.status !== 401 && error.status !== 403)) return error;
  const { host } = new URL(baseUrl);
  const message =
    apiKey === null
      ? `OPENROUTER_API_KEY is not set and ${host} asks for one (${error.status}): make a key at openrouter.ai/keys`
      : `OPENROUTER_API_KEY was refused by ${host} (${error.status}): make a new key at openrouter.ai/keys`;
  const { status, retryAfterMs, sent } = error;
  return new EmbeddingError(
    message,
    { type: FailureType.Blocked, status, retryAfterMs, sent },
    { cause: error },
  );
}
