import type { SentEncoding } from '../answers/encoding.js';
import { connectionError } from '../errors/connection-error.js';
import type { SentPriceLimit } from '../prices/price-limit.js';
import { type Call, exchange, type HttpAnswer } from './http.js';

export interface Wire {
  baseUrl: string;
  headers: Record<string, string>;
  send: typeof fetch;
  /** Whether the provider may answer from its response cache, and keep the answer there. */
  cache: boolean;
  call: Call;
}

/** Seconds, the longest that OpenRouter caches: a run killed in the evening repeats for free in the morning. */
const CACHE_SECONDS = 86_400;

/** Loads the client in 100 ms. Most commands send nothing; a worker loads it at its start, so no batch waits. */
export const loadClient = () => import('openai');

interface Body extends SentPriceLimit, SentEncoding {
  model: string;
  dimensions?: number;
  texts: readonly string[];
  inputType?: string | undefined;
}

/**
 * Sends POST /embeddings with the openai client, whose fetch here does the whole exchange. The client alone would end
 * its timeout at the headers, read bodies without a limit and hide why a connection broke.
 */
export async function postEmbeddings(
  { model, dimensions, texts, encoding, provider, inputType }: Body,
  { baseUrl, headers, send, cache, call }: Wire,
): Promise<HttpAnswer> {
  const { OpenAI } = await loadClient();
  let answer: Promise<HttpAnswer> | undefined;
  const client = new OpenAI({
    baseURL: baseUrl,
    apiKey: 'sent by our own headers',
    // Null, not absent: the client would take these from OPENAI_* variables meant for another service.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    // The exchange has its own deadline; the client's must never come first.
    timeout: call.timeoutMs + 60_000,
    fetch: (url, init) => {
      const request = {
        method: 'POST',
        body: init?.body ?? null,
        headers: { ...headers, 'Content-Type': 'application/json', ...(cache && CACHE) },
      };
      answer = exchange((signal) => send(url as string, { ...request, signal }), call);
      return answer.then(() => new Response(null));
    },
  });
  const body = {
    model,
    input: [...texts],
    ...(encoding !== undefined && { encoding_format: encoding }),
    ...(dimensions !== undefined && { dimensions }),
    ...(inputType !== undefined && { input_type: inputType }),
    // OpenRouter's own field. Last, as the order of keys is part of the cache's key.
    ...(provider !== undefined && { provider }),
  };
  try {
    // Not `embeddings.create`, which asks for base64 when no encoding is given.
    await client.post('/embeddings', { body }).asResponse();
  } catch (error) {
    // When the exchange failed, its own error is thrown below, not the client's.
    if (answer === undefined) throw connectionError(call.what, error, call.secret);
  }
  return answer as Promise<HttpAnswer>;
}

const CACHE = {
  'X-OpenRouter-Cache': 'true',
  'X-OpenRouter-Cache-TTL': String(CACHE_SECONDS),
};
