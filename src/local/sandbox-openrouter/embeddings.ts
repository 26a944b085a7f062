import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { type Answer, sendAnswer, sendError } from './answer.js';
import type { createBill } from './bill.js';
import type { createFaultPlan, Fault } from './faults.js';
import { createCheapVectors, createLexicalVectors } from './lexical-vectors.js';

const NANOS_PER_TOKEN = 20;
const MAX_INPUTS = 2048;
const MAX_DIMENSIONS = 65_536;
const MAX_INPUT_TOKENS = 8192;
const MAX_REQUEST_TOKENS = 300_000;
const CACHE_ENTRIES = 256;
const DRIP_MS = 200;

interface Parts {
  bill: ReturnType<typeof createBill>;
  faults: ReturnType<typeof createFaultPlan>;
  countTokens: (text: string) => number;
  vectors: 'lexical' | 'cheap';
  latencyMs: () => number;
}

interface Request {
  model: string;
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
    return { model, texts: texts as string[], dimensions: dimensions as number, base64: format === 'base64' };
  } catch {
    return 'the body is not JSON';
  }
}

/** POST /embeddings: limits as upstream, exact usage, a response cache, and whatever fault is due. */
export function createEmbeddings({ bill, faults, countTokens, vectors, latencyMs }: Parts) {
  const makers = new Map<number, (text: string) => Float32Array>();
  const seen = new Set(
    bill
      .read()
      .entries.flatMap((entry) => entry.cacheKey ?? [])
      .slice(-CACHE_ENTRIES),
  );
  const maker = (dimensions: number) => {
    const make =
      makers.get(dimensions) ?? (vectors === 'cheap' ? createCheapVectors : createLexicalVectors)(dimensions);
    makers.set(dimensions, make);
    return make;
  };
  const refuse = (
    response: ServerResponse,
    status: number,
    message: string,
    headers?: Record<string, string>,
  ): void => {
    bill.book(
      { at: new Date().toISOString(), status, inputs: 0, tokens: 0, costNanos: 0, cached: false },
      '',
      [],
    );
    sendError(response, status, message, headers);
  };

  return async (response: ServerResponse, headers: IncomingHttpHeaders, body: string): Promise<void> => {
    const request = read(body);
    if (latencyMs() > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs()));
    if (typeof request === 'string') return refuse(response, 400, request);
    const fault = faults.next(request.texts);
    if (fault !== undefined && misbehave(response, fault, refuse)) return;
    if (request.texts.length > MAX_INPUTS)
      return refuse(response, 400, `at most ${MAX_INPUTS} inputs a request`);
    const tokens = request.texts.map(countTokens);
    if (tokens.some((count) => count > MAX_INPUT_TOKENS))
      return refuse(response, 400, `maximum context length is ${MAX_INPUT_TOKENS} tokens`);
    const total = tokens.reduce((sum, count) => sum + count, 0);
    if (total > MAX_REQUEST_TOKENS)
      return refuse(response, 400, `at most ${MAX_REQUEST_TOKENS} tokens a request`);

    const cacheable = headers['x-openrouter-cache'] === 'true';
    const key = createHash('sha1').update(body).digest('base64');
    const cached = cacheable && headers['x-openrouter-cache-clear'] !== 'true' && seen.has(key);
    if (cacheable) {
      if (seen.size >= CACHE_ENTRIES && !seen.has(key)) seen.delete(seen.values().next().value as string);
      seen.add(key);
    }
    const charged = cached ? 0 : total;
    const costNanos = charged * NANOS_PER_TOKEN;
    const entry = {
      at: new Date().toISOString(),
      status: 200,
      inputs: request.texts.length,
      tokens: charged,
      costNanos,
      cached,
      ...(cacheable && { cacheKey: key }),
    };
    bill.book(entry, request.model, cached ? [] : request.texts);
    if (fault?.kind === 'reset-after-billing') return void response.socket?.destroy();
    const answer: Answer = {
      model: request.model,
      vectors: request.texts.map(maker(request.dimensions)),
      base64: request.base64,
      usage: { prompt_tokens: charged, total_tokens: charged, cost: costNanos / 1e9 },
      cached,
    };
    sendAnswer(response, answer, fault);
  };
}

/** Faults that need no answer of ours; true when the response is dealt with. */
function misbehave(
  response: ServerResponse,
  fault: Fault,
  refuse: (
    response: ServerResponse,
    status: number,
    message: string,
    headers?: Record<string, string>,
  ) => void,
): boolean {
  switch (fault.kind) {
    case 'status': {
      const after = fault.retryAfter === undefined ? undefined : { 'retry-after': fault.retryAfter };
      refuse(response, fault.status, fault.message ?? `sandbox fault ${fault.status}`, after);
      return true;
    }
    case 'error-in-200':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ error: { code: fault.code, message: fault.message ?? 'sandbox fault' } }),
      );
      return true;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><body>Bad day</body></html>');
      return true;
    case 'redirect':
      response.writeHead(302, { location: '/elsewhere' });
      response.end();
      return true;
    case 'reset':
      response.socket?.destroy();
      return true;
    case 'hang':
      return true;
    case 'drip': {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), DRIP_MS);
      response.on('close', () => clearInterval(timer));
      return true;
    }
    case 'huge': {
      response.writeHead(200, { 'content-type': 'application/json' });
      const block = Buffer.alloc(1 << 20, 0x20);
      const pour = (): void => {
        while (!response.destroyed && response.write(block)) {}
      };
      response.on('drain', pour);
      pour();
      return true;
    }
    default:
      return false;
  }
}
