import { numbersOf, vectorOf } from './vectors.mjs';

/**
 * A reply is `{ billed, whole, stated, own, status, headers, body, cut }`. `body`: an object is sent as JSON, a string
 * as it is. `whole`: it is an answer with vectors; `stated`: it also says truthfully what was charged; `own`: it is an
 * error in the provider's own words. `cut`: 'reset' sends nothing and breaks the connection, 'half' breaks it after half
 * of the body.
 */

const dataOf = ({ texts, base64 }, floats = false) =>
  texts.map((text, index) => {
    const vector = vectorOf(text);
    const embedding = base64 && !floats ? vector.toString('base64') : numbersOf(vector);
    return { object: 'embedding', index, embedding };
  });

/** What a provider that tells the truth answers. */
export const honest = (request, { floats = false } = {}) => ({
  billed: true,
  whole: true,
  stated: true,
  status: 200,
  headers: {},
  body: {
    object: 'list',
    model: request.model,
    data: dataOf(request, floats),
    usage: { prompt_tokens: request.tokens, total_tokens: request.tokens, cost: request.dollars },
  },
});

/** The vectors, with another `usage`; undefined: none. `stated`: whether it says truthfully what was charged. */
export function withUsage(request, usage, { stated = false } = {}) {
  const reply = honest(request);
  if (usage === undefined) delete reply.body.usage;
  else reply.body.usage = usage;
  return { ...reply, stated };
}

/** The vectors, with one item changed: `spoil(item)` gives the other item. The price is stated truthfully. */
export function withSpoiltItem(request, index, spoil) {
  const reply = honest(request);
  reply.body.data[index] = spoil(reply.body.data[index]);
  return reply;
}

const TITLES = {
  400: 'Bad Request',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Time-out',
};

const page = (status) =>
  `<html><head><title>${status} ${TITLES[status] ?? 'Error'}</title></head><body><center><h1>${status}</h1></center><hr>a proxy</body></html>`;

/** An error status as the provider itself says it. */
export const refusal = (status, message, { billed, headers = {}, metadata } = {}) => ({
  billed,
  whole: false,
  stated: false,
  own: true,
  status,
  headers,
  body: { error: { code: status, message, ...(metadata && { metadata }) } },
});

/** A whole answer, with its usage, under the status of a refusal. */
export const answerRefused = (request, status) => ({
  ...honest(request),
  whole: false,
  stated: false,
  status,
});

/** An error page of something in between. */
export const proxyPage = (status, { billed, headers = {} }) => ({
  billed,
  whole: false,
  stated: false,
  status,
  headers: { 'content-type': 'text/html', ...headers },
  body: page(status),
});
