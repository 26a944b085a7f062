import { setImmediate as turn } from 'node:timers/promises';
import { FailureType } from '../contract/failure.js';
import { outgoingFetch } from '../outgoing/fetch.js';
import { checkAnswer } from './answers/check-answer.js';
import { createEncodings, type SentEncoding } from './answers/encoding.js';
import { createPages } from './answers/pages.js';
import { parseAnswer } from './answers/parse-answer.js';
import { createVectorLengths } from './answers/vector-length.js';
import type { Asked } from './errors/about-the-model.js';
import { EmbeddingError } from './errors/errors.js';
import { contentHash } from './fingerprint.js';
import { checkedBaseUrl, checkKey } from './http/base-url.js';
import { type HttpAnswer, parseJson } from './http/http.js';
import { postEmbeddings } from './http/post-embeddings.js';
import { createMetadataRequests } from './metadata-requests.js';
import { createPriceLimit, type SentPriceLimit } from './prices/price-limit.js';
import type { EmbedAnswer, EmbedRequest, Provider } from './types.js';

export interface OpenRouterOptions {
  /** Null: requests go without a key, for servers that need none. */
  apiKey: string | null;
  /** `https://openrouter.ai/api/v1`, or a server like it. */
  baseUrl: string;
  /** Sent as `input_type` with every text; default: not sent. */
  inputType?: string;
  /** Limit for each whole call, body included; default 60,000 ms. */
  timeoutMs?: number;
  /** Default: a fetch that uses the machine's proxy if it has one. */
  fetch?: typeof fetch;
}

const MiB = 2 ** 20;
/** A number in JSON takes about 20 bytes, in base64 five. */
const MAX_BYTES_PER_NUMBER = 32;
/** Requests with an unusable last answer that are remembered, so that repeats avoid the provider's cache. */
const MAX_SUSPECTS = 1000;

/** Creates the OpenRouter provider. Throws a usage Fault for a base address or key that must not be used. */
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
  /**
   * True: the bad answer came from the cache, or was not the first, so the repeat clears the cache. False: the repeat
   * may well be free, and clears nothing.
   */
  const suspects = new Map<string, boolean>();
  const lengths = createVectorLengths();
  const pages = createPages(baseUrl);
  const priceLimit = createPriceLimit();
  const encodings = createEncodings();

  const suspect = (fingerprint: string, answer: HttpAnswer): void => {
    const known = suspects.has(fingerprint);
    if (known || suspects.size < MAX_SUSPECTS) suspects.set(fingerprint, known || isHit(answer));
  };

  const isSuspect = (fingerprint: () => string): boolean =>
    suspects.size > 0 && suspects.get(fingerprint()) === true;

  const embedOnce = async (
    { model, dimensions, texts, subject, signal, fresh = false, received, ...asks }: EmbedRequest,
    sent: { dimensions?: number } & SentPriceLimit & SentEncoding,
  ): Promise<EmbedAnswer> => {
    const inputType = asks.inputType === undefined ? options.inputType : (asks.inputType ?? undefined);
    const what = `OpenRouter POST /embeddings (${subject})`;
    const maxBytes = Math.max(8 * MiB, MAX_BYTES_PER_NUMBER * dimensions * texts.length);
    let known: string | undefined;
    /** Returns the request's fingerprint. Computed only after a recent failure. */
    const fingerprint = (): string => {
      known ??= contentHash({ model, dimensions, text: JSON.stringify(texts) });
      return known;
    };
    const asked: Asked = { model, texts };
    const maxPrice = sent.provider !== undefined;
    const started = performance.now();
    const answer = await postEmbeddings(
      { model, texts, ...sent, inputType },
      {
        baseUrl,
        headers: isSuspect(fingerprint) ? { ...headers, 'X-OpenRouter-Cache-Clear': 'true' } : headers,
        send,
        cache: !fresh,
        call: { what, timeoutMs, maxBytes, signal, secret: apiKey, asked, maxPrice },
      },
    );
    if (received !== undefined) {
      received();
      // Requests that waited for this go first: reading the answer takes long and blocks the event loop.
      await turn();
    }
    try {
      const expected = { what, asked, dimensions, headers: answer.headers, secret: apiKey };
      const json = parseJson(what, answer, (body) => parseAnswer(body, { count: texts.length, dimensions }));
      const checked = checkAnswer(json, expected);
      if (checked.unusable.length > 0) suspect(fingerprint(), answer);
      else if (suspects.size > 0) suspects.delete(fingerprint());
      lengths.right(model);
      pages.answered();
      priceLimit.accepted(sent);
      encodings.accepted(sent);
      const cached = isHit(answer);
      return { ...checked, ...(cached && freeOf(checked)), cached, latencyMs: performance.now() - started };
    } catch (error) {
      suspect(fingerprint(), answer);
      const request = { fingerprint: fingerprint(), neutral: fresh };
      throw pages.judged(lengths.judged(model, dimensions, error), request);
    }
  };

  return {
    async embed(request) {
      const { model, dimensions, maxNanosPerToken } = request;
      for (;;) {
        const length = lengths.parameter(model, dimensions);
        const price = priceLimit.parameter(maxNanosPerToken);
        const encoding = encodings.parameter();
        try {
          return await embedOnce(request, { ...length, ...price, ...encoding });
        } catch (error) {
          const learned =
            lengths.learns(model, length, error) ||
            priceLimit.learns(price, error) ||
            encodings.learns(encoding, error, request);
          if (!learned) throw error;
          // What was learned is left out of the next request, so each fact is learned once.
          if ((error as EmbeddingError).billed !== 'no') throw asTransient(error as EmbeddingError);
        }
      }
    },
    ...createMetadataRequests({ apiKey, baseUrl, headers, send, timeoutMs }),
  };
}

const isHit = ({ headers }: HttpAnswer): boolean =>
  headers.get('x-openrouter-cache-status')?.toUpperCase() === 'HIT';

/** Returns the usage of a cache hit, which reports 0 or none. A cost that it states all the same is kept. */
const freeOf = ({ tokens, costNanos }: Pick<EmbedAnswer, 'tokens' | 'costNanos'>) => ({
  tokens: tokens ?? 0,
  tokensMost: tokens ?? 0,
  costNanos: costNanos ?? 0,
  costMost: costNanos ?? 0,
});

/** Makes a refusal transient that may have been billed, such as one inside a 200: a repeat is a new attempt. */
const asTransient = (error: EmbeddingError): EmbeddingError =>
  new EmbeddingError(
    error.message,
    {
      type: FailureType.Transient,
      status: error.status,
      retryAfterMs: error.retryAfterMs,
      billed: error.billed,
      statedNanos: error.statedNanos,
    },
    { cause: error },
  );
