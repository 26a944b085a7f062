import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createActivity } from './activity.js';
import { sendError, sendJson } from './answer.js';
import { type Bill, createBill } from './bill.js';
import { createEmbeddings, type Price } from './embeddings.js';
import { createFaultPlan, type FaultRule, parseRules } from './faults.js';
import type { RateLimit } from './rate-limit.js';

export type { Bill } from './bill.js';

export type { Fault, FaultRule } from './faults.js';

export { USAGE_WAYS } from './usage-ways.js';

export interface SandboxOptions {
  /** Default: any free port. */
  port?: number;
  /** The only accepted key; default: any that is not empty. */
  key?: string;
  /** The only key that GET /activity accepts; default: any except `key`. */
  managementKey?: string;
  /** Duration of each request for embeddings, milliseconds; default 0. */
  latencyMs?: number;
  faults?: readonly FaultRule[];
  /** Models that GET /embeddings/models lists; default only openai/text-embedding-3-small. */
  models?: readonly string[];
  /** Shows the list of models only to requests with a key, default false. */
  guardedModels?: boolean;
  /** Nanodollars per token; default 20, charged as listed. */
  price?: Price;
  /** Refuses requests beyond it with 429; default none. */
  limit?: RateLimit;
  /** `exact`: cl100k, as upstream bills (default) · `estimate`: a quarter of the bytes, for benchmarks. */
  tokens?: 'exact' | 'estimate';
  /** `lexical`: texts that share words are near each other (default) · `cheap`: for benchmarks. */
  vectors?: 'lexical' | 'cheap';
  /** Repeats that ask for the response cache are free, default true. */
  responseCache?: boolean;
  /** File of JSON lines with what was charged, so that a restarted sandbox keeps its bill. */
  billFile?: string;
  /** Epoch ms, for tests; default: the system clock. */
  now?: () => number;
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT/api/v1`, for OPENROUTER_BASE_URL. */
  baseUrl: string;
  bill(): Bill;
  setFaults(rules: readonly FaultRule[]): void;
  setLatency(ms: number): void;
  /** From the next request on; null: none. */
  setLimit(limit: RateLimit | null): void;
  /** From the next request on. */
  setPrice(price: Price): void;
  stop(): Promise<void>;
}

const LIST_PRICE: Price = { listed: 20, charged: 20 };
const BASE = '/api/v1';

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/**
 * Starts an OpenRouter-compatible embeddings server on loopback: real prices and token counts, its own bill, faults on
 * demand. GET /activity, for a management key, returns the bill by day and model. Another process can read GET /__bill
 * and set the faults with POST /__faults (a list of rules).
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  let latency = options.latencyMs ?? 0;
  let limit = options.limit ?? null;
  let price = options.price ?? LIST_PRICE;
  const bill = createBill(options.billFile);
  const faults = createFaultPlan(options.faults);
  const countTokens = options.tokens === 'estimate' ? estimate : await exactCounter();
  const embed = createEmbeddings({
    bill,
    faults,
    countTokens,
    vectors: options.vectors ?? 'lexical',
    latencyMs: () => latency,
    limit: () => limit,
    price: () => price,
    caching: options.responseCache ?? true,
    now: options.now ?? Date.now,
  });
  const sendActivity = createActivity({
    entries: () => bill.read().entries,
    key: options.key,
    managementKey: options.managementKey,
    now: options.now ?? Date.now,
  });
  const server = createServer(async (request, response) => {
    const { method, url = '/' } = request;
    const body = method === 'POST' ? await bodyOf(request).catch(() => '') : '';
    if (url === '/__bill') return sendJson(response, 200, bill.totals());
    if (url === '/__faults') {
      try {
        faults.set(parseRules(body));
      } catch (error) {
        return sendError(response, 400, error instanceof Error ? error.message : String(error));
      }
      return sendJson(response, 200, {});
    }
    const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const known = key !== undefined && (options.key === undefined || key === options.key);
    if (url === `${BASE}/embeddings/models` && (known || options.guardedModels !== true))
      return sendJson(response, 200, {
        data: (options.models ?? ['openai/text-embedding-3-small']).map((id) => ({
          id,
          // Dollars a token.
          pricing: { prompt: (price.listed / 1e9).toFixed(15).replace(/\.?0+$/, '') },
          context_length: 8192,
        })),
      });
    if (key !== undefined && url.split('?')[0] === `${BASE}/activity`)
      return sendActivity(response, url, key);
    if (!known) return sendError(response, 401, 'No auth credentials found');
    if (url === `${BASE}/key`)
      return sendJson(response, 200, { data: { limit: null, limit_remaining: null, usage: 0 } });
    if (url === `${BASE}/embeddings` && method === 'POST') return embed(response, request.headers, body);
    sendError(response, 404, `no such route: ${url}`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}${BASE}`,
    bill: () => bill.read(),
    setFaults: (rules) => faults.set(rules),
    setLatency: (ms) => {
      latency = ms;
    },
    setLimit: (next) => {
      limit = next;
    },
    setPrice: (next) => {
      price = next;
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

const estimate = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4);

async function exactCounter(): Promise<(text: string) => number> {
  const { countTokens } = await import('gpt-tokenizer/encoding/cl100k_base');
  return (text) => countTokens(text, { disallowedSpecial: new Set() });
}
