import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, sendAnswer, sendError } from './answer.js';
import type { createBill } from './bill.js';
import type { createFaultPlan, Fault } from './faults.js';
import { createCheapVectors, createLexicalVectors } from './lexical-vectors.js';
import { isAfterBilling, misbehave } from './misbehave.js';
import { createRateLimit, type RateLimit } from './rate-limit.js';
import { createResponseCache, ttlMs } from './response-cache.js';
import { usageSaid } from './usage-ways.js';

const MAX_INPUTS = 2048;
const MAX_DIMENSIONS = 65_536;
const MAX_INPUT_TOKENS = 8192;
const MAX_REQUEST_TOKENS = 300_000;

interface Parts {
  bill: ReturnType<typeof createBill>;
  faults: ReturnType<typeof createFaultPlan>;
  countTokens: (text: string) => number;
  vectors: 'lexical' | 'cheap';
  latencyMs: () => number;
  /** The current limit; null: none. */
  limit: () => RateLimit | null;
  /** The current price, nanodollars per token. */
  price: () => Price;
  /** Whether repeats that opted in to the response cache are free. */
  caching: boolean;
  /** Epoch ms. */
  now: () => number;
}

/** The price in the list of models and the price charged. They differ only to simulate a provider that lies. */
export interface Price {
  listed: number;
  charged: number;
}

interface Request {
  model: string;
  /** Highest price that the request allows, nanodollars per token. */
  maxPrice: number;
  texts: string[];
  dimensions: number;
  base64: boolean;
}

function read(body: string): Request | string {
  try {
    const json = JSON.parse(body) as Record<string, unknown>;
    const texts = typeof json.input === 'string' ? [json.input] : json.input;
    if (
      !Array.isArray(texts) ||
      texts.length === 0 ||
      texts.some((text) => typeof text !== 'string' || text === '')
    )
      return 'input must be a string or a list of strings that are not empty';
    const { model, dimensions = 1536, encoding_format: format = 'float' } = json;
    if (typeof model !== 'string' || model === '') return 'model is required';
    if (
      !Number.isInteger(dimensions) ||
      (dimensions as number) < 1 ||
      (dimensions as number) > MAX_DIMENSIONS
    )
      return `dimensions must be an integer from 1 to ${MAX_DIMENSIONS}`;
    const { max_price: most } = (json.provider ?? {}) as { max_price?: { prompt?: unknown } };
    return {
      model,
      // Dollars per million tokens.
      maxPrice: most?.prompt === undefined ? Number.POSITIVE_INFINITY : Number(most.prompt) * 1000,
      texts: texts as string[],
      dimensions: dimensions as number,
      base64: format === 'base64',
    };
  } catch {
    return 'the body is not JSON';
  }
}

/** Answers POST /embeddings: limits as upstream, exact usage, a response cache, and the fault that is due. */
export function createEmbeddings({
  bill,
  faults,
  countTokens,
  vectors,
  latencyMs,
  limit,
  price,
  caching,
  now,
}: Parts) {
  let inForce: RateLimit | null = null;
  let admits = (_tokens: number): boolean => true;
  /** A new limit begins with a full bucket. */
  const keepTo = (next: RateLimit | null): void => {
    if (next === inForce) return;
    inForce = next;
    admits = next === null ? () => true : createRateLimit(next, now);
  };
  const makers = new Map<number, (text: string) => Float32Array>();
  const cache = createResponseCache(bill.read().entries, now);
  const maker = (dimensions: number) => {
    const make =
      makers.get(dimensions) ?? (vectors === 'cheap' ? createCheapVectors : createLexicalVectors)(dimensions);
    makers.set(dimensions, make);
    return make;
  };
  const at = (): string => new Date(now()).toISOString();
  const bookUncharged = (status: number): void =>
    bill.book({ at: at(), status, inputs: 0, tokens: 0, costNanos: 0, cached: false }, '', []);
  const refuse = (response: ServerResponse, message: string, status = 400): void => {
    bookUncharged(status);
    sendError(response, status, message);
  };

  return async (response: ServerResponse, headers: IncomingHttpHeaders, body: string): Promise<void> => {
    const request = read(body);
    const since = at();
    if (latencyMs() > 0) await sleep(latencyMs());
    if (typeof request === 'string') return refuse(response, request);
    const { fault, contains = '' } = faults.next(request.texts) ?? {};
    const afterBilling = fault !== undefined && isAfterBilling(fault);
    const sent = fault === undefined || afterBilling ? null : misbehave(response, fault);
    if (sent !== null) return bookUncharged(sent);
    if (fault?.kind === 'slow') await sleep(fault.ms);
    if (request.texts.length > MAX_INPUTS) return refuse(response, `at most ${MAX_INPUTS} inputs a request`);
    const { listed, charged: nanosPerToken } = price();
    // A tolerance, as dollars per million tokens are not exact in binary.
    if (listed > request.maxPrice * (1 + 1e-9))
      return refuse(response, `No endpoints found for ${request.model} within max_price`, 404);
    const tokens = request.texts.map(countTokens);
    if (tokens.some((count) => count > MAX_INPUT_TOKENS))
      return refuse(response, `maximum context length is ${MAX_INPUT_TOKENS} tokens`);
    const total = tokens.reduce((sum, count) => sum + count, 0);
    if (total > MAX_REQUEST_TOKENS) return refuse(response, `at most ${MAX_REQUEST_TOKENS} tokens a request`);

    keepTo(limit());
    if (!admits(total)) {
      bookUncharged(429);
      return sendError(response, 429, 'rate limit exceeded', { 'retry-after': inForce?.retryAfter ?? '1' });
    }

    const cacheable = caching && headers['x-openrouter-cache'] === 'true';
    const key = createHash('sha1').update(body).digest('base64');
    const cached = cacheable && headers['x-openrouter-cache-clear'] !== 'true' && cache.has(key);
    const cachedUntil = now() + ttlMs(headers['x-openrouter-cache-ttl']);
    const keep = cacheable && !cached;
    if (keep) cache.keep(key, cachedUntil);
    const charged = cached ? 0 : total;
    const costNanos = charged * nanosPerToken;
    const entry = {
      at: at(),
      status: statusSent(fault, afterBilling),
      inputs: request.texts.length,
      tokens: charged,
      costNanos,
      cached,
      since,
      ...(keep && { cacheKey: key, cachedUntil }),
      ...(fault !== undefined && { fault: fault.kind }),
    };
    const made = request.texts.map(maker(request.dimensions));
    bill.book(entry, request.model, cached ? [] : request.texts, made);
    if (fault !== undefined && afterBilling) return void misbehave(response, fault);
    const answer: Answer = {
      model: request.model,
      vectors: made,
      base64: request.base64,
      usage: usageSaid(fault?.kind === 'usage' ? fault.says : 'exact', { tokens: charged, nanos: costNanos }),
      cached,
      ...(fault?.kind === 'spoilt' && {
        spoilt: new Map(
          request.texts.flatMap((text, index) => (text.includes(contains) ? [[index, fault.how]] : [])),
        ),
      }),
    };
    sendAnswer(response, answer, fault);
  };
}

/** Returns the status of a charged answer; 0 when the connection broke instead. */
function statusSent(fault: Fault | undefined, afterBilling: boolean): number {
  if (fault === undefined || !afterBilling) return 200;
  return fault.kind === 'status' ? fault.status : fault.kind === 'error-in-200' ? 200 : 0;
}
