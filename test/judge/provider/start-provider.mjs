import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { keyOf, openBill, PICOS } from './bill.mjs';
import { honest, refusal } from './replies.mjs';
import { createResponseCache } from './response-cache.mjs';
import { tokensOfAll } from './tokens.mjs';

export const KEY = 'sk-or-v1-judge-0123456789abcdef';
const BASE = '/api/v1';
/** US dollars a token: $0.02 a million. */
const LIST_PICOS = 20 * PICOS;

/**
 * An embeddings server in OpenRouter's form that keeps a bill of its own in `billFile` and answers as a way of lying
 * wants it. A way is `{ reply?(request), listPicos?, pricePicos?(request), cache?, guarded?, listed? }`:
 * `reply` gives the answer (default: the truth); `listPicos` what the list of models says a token costs; `pricePicos`
 * what it costs (default: as listed); `guarded`: the list wants the key; `listed: false`: there is no list.
 */
export async function startProvider({ billFile, way = {}, latencyMs = 5 }) {
  const bill = openBill(billFile);
  const cache = createResponseCache(way.cache === true);
  const seen = new Map();
  let ordinal = 0;
  const { listPicos = LIST_PICOS } = way;

  const read = (raw) => {
    const json = JSON.parse(raw);
    const texts = typeof json.input === 'string' ? [json.input] : json.input;
    const request = {
      ordinal: ++ordinal,
      model: json.model,
      texts,
      base64: json.encoding_format === 'base64',
      maxPrice: json.provider?.max_price?.prompt,
      tokens: tokensOfAll(texts),
      /** How often these very texts were asked for before. */
      before: seen.get(raw) ?? 0,
      firstText: texts[0],
    };
    seen.set(raw, request.before + 1);
    const picos = way.pricePicos?.(request) ?? listPicos;
    return { ...request, picos: request.tokens * picos, dollars: (request.tokens * picos) / (PICOS * 1e9) };
  };

  const embed = async (incoming, outgoing, raw) => {
    const at = Date.now();
    const request = read(raw);
    await wait(latencyMs);
    const cached = cache.look(incoming.headers, raw);
    const reply = cached.hit
      ? asHit(honest(request))
      : { headers: {}, whole: false, stated: false, ...(way.reply?.(request) ?? honest(request)) };
    if (reply.billed && !cached.hit) cached.keep();
    const { texts, tokens } = request;
    const { billed, whole, stated, own = false, cut, status } = reply;
    bill.book({
      at,
      until: Date.now(),
      keys: texts.map(keyOf),
      bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
      tokens,
      picos: billed ? request.picos : 0,
      billed,
      cached: cached.hit,
      whole,
      stated,
      own,
      answered: cut ?? status,
    });
    send(outgoing, reply);
  };

  const server = createServer(async (incoming, outgoing) => {
    try {
      const { url = '/', method, headers } = incoming;
      const known = headers.authorization === `Bearer ${KEY}`;
      const raw = method === 'POST' ? await bodyOf(incoming) : '';
      if (url === `${BASE}/embeddings/models`)
        return send(outgoing, way.guarded && !known ? noKey() : modelList(way.listed ?? true, listPicos));
      if (!known) return send(outgoing, noKey());
      if (url === `${BASE}/key`)
        return send(outgoing, { status: 200, headers: {}, body: { data: { limit_remaining: null } } });
      if (url === `${BASE}/embeddings` && method === 'POST') return await embed(incoming, outgoing, raw);
      send(outgoing, refusal(404, `no such route: ${url}`));
    } catch {
      // The client went away, or sent what is no request.
      outgoing.destroy();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${server.address().port}${BASE}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const noKey = () => refusal(401, 'No auth credentials found');

const modelList = (listed, picos) =>
  listed
    ? {
        status: 200,
        headers: {},
        body: {
          data: [
            {
              id: 'openai/text-embedding-3-small',
              context_length: 8192,
              pricing: { prompt: (picos / 1e12).toFixed(15).replace(/0+$/, '') },
            },
          ],
        },
      }
    : refusal(404, 'no such route');

/** A hit is free, and says so in its header alone. */
const asHit = (reply) => ({
  ...reply,
  billed: false,
  headers: { 'x-openrouter-cache-status': 'HIT' },
  body: { ...reply.body, usage: { prompt_tokens: 0, total_tokens: 0, cost: 0 } },
});

async function bodyOf(incoming) {
  const parts = [];
  for await (const part of incoming) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

function send(outgoing, { status, headers, body, cut }) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  if (cut === 'reset') return outgoing.socket?.resetAndDestroy();
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...headers,
  });
  if (cut !== 'half') return outgoing.end(bytes);
  outgoing.write(bytes.subarray(0, bytes.length >> 1), () => outgoing.destroy());
}
