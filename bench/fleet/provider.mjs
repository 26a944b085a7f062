import { createServer } from 'node:http';

const DIMENSIONS = 1536;
/** The same vector for all texts, so that the provider takes little CPU from the workers. */
const VECTOR = Buffer.from(new Float32Array(DIMENSIONS).fill(0.5).buffer).toString('base64');

/**
 * Starts a provider that shares no code with the product. It answers after `latencyMs`, and records when each request
 * came and how many were in flight. `perMinute`: requests beyond this number in any 60 seconds are refused with 429.
 */
export async function startCountingProvider({ latencyMs, perMinute = null }) {
  const taken = [];
  let refused = 0;
  let inFlight = 0;
  let most = 0;
  const texts = new Map();
  const send = (response, status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    if (request.url.endsWith('/embeddings/models'))
      return send(response, 200, {
        data: [
          {
            id: 'openai/text-embedding-3-small',
            pricing: { prompt: '0.00000002' },
            context_length: 8192,
          },
        ],
      });
    if (request.url.endsWith('/key'))
      return send(response, 200, { data: { limit: null, limit_remaining: null, usage: 0 } });
    const now = performance.now();
    if (perMinute !== null) {
      const lately = taken.length - taken.findLastIndex((at) => at <= now - 60_000) - 1;
      if (lately >= perMinute) {
        refused += 1;
        return send(response, 429, { error: { code: 429, message: 'too many requests a minute' } });
      }
    }
    taken.push(now);
    inFlight += 1;
    most = Math.max(most, inFlight);
    const { input, model } = JSON.parse(Buffer.concat(parts).toString());
    for (const text of input) texts.set(text, (texts.get(text) ?? 0) + 1);
    await new Promise((resolve) => setTimeout(resolve, latencyMs));
    inFlight -= 1;
    const tokens = input.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
    send(response, 200, {
      object: 'list',
      model,
      data: input.map((_, index) => ({ object: 'embedding', index, embedding: VECTOR })),
      usage: { prompt_tokens: tokens, total_tokens: tokens, cost: (tokens * 2) / 1e8 },
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${server.address().port}/api/v1`,
    counts: () => ({
      /** When each accepted request came, ms. */
      taken,
      refused,
      most,
      twice: [...texts.values()].filter((times) => times > 1).length,
    }),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
