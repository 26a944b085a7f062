import { answerRefused, honest, proxyPage, refusal } from '../provider/replies.mjs';
import { atRequests, onceToHalf } from './patterns.mjs';
import { perTry, way } from './way.mjs';

/** The work is done and charged, and then the answer is another one, or none. */

const lost = (name, says, reply, more = {}) =>
  way(name, says, () => ({ reply: onceToHalf(reply)() }), { times: perTry, ...more });

const status = (code, make = () => refusal(code, 'Provider returned error', { billed: true })) =>
  lost(`billed, then ${code}`, `a ${code} after the work was done and charged`, make);

const page = (code) => status(code, () => proxyPage(code, { billed: true }));

/** A person has to look: the run stops once, and goes on. */
const stopping = (name, says, reply) =>
  way(name, says, () => ({ reply: atRequests([2], reply)() }), { times: perTry, resumes: 1 });

const inside = (name, error) =>
  lost(`billed, then 200 with ${name}`, 'an error inside a 200, after the work was charged', () => ({
    billed: true,
    status: 200,
    body: { error },
  }));

const broken = (name, says, change) =>
  lost(name, says, (request) => ({
    ...honest(request),
    whole: false,
    stated: false,
    ...change(request),
  }));

export const LOST_ANSWERS = [
  status(408),
  status(409),
  status(425),
  status(500),
  page(502),
  status(503),
  page(504),
  page(520),
  page(521),
  page(522),
  page(524),
  status(529),
  lost('billed, then a page with 400', 'a proxy’s 400 after the work was done and charged', () =>
    proxyPage(400, { billed: true }),
  ),
  lost('billed, then a page with 403', 'a firewall’s 403 after the work was done and charged', () =>
    proxyPage(403, { billed: true }),
  ),
  stopping('billed, then a page with 404', 'a proxy’s 404 after the work was done and charged', () =>
    proxyPage(404, { billed: true }),
  ),
  lost('billed, then a 400 with the answer', 'a 400 that holds the whole answer and its usage', (request) =>
    answerRefused(request, 400),
  ),
  lost('billed, then a 429 with the answer', 'a 429 that holds the whole answer and its usage', (request) =>
    answerRefused(request, 429),
  ),
  stopping(
    'billed, then a 402 with the answer',
    'a 402 that holds the whole answer and its usage',
    (request) => answerRefused(request, 402),
  ),
  stopping('billed, then 418', 'a status that nobody knows, after the work was charged', () =>
    refusal(418, "I'm a teapot", { billed: true }),
  ),
  stopping('billed, then 302', 'a redirect, after the work was charged', () =>
    proxyPage(302, { billed: true, headers: { location: 'http://127.0.0.1:9/elsewhere' } }),
  ),
  inside('code 502', { code: 502, message: 'Upstream error' }),
  inside('code 500', { code: 500, message: 'Internal error' }),
  inside('code 429', { code: 429, message: 'Provider returned error' }),
  inside('code 400', { code: 400, message: 'Provider returned error' }),
  inside('a word for a code', { code: 'server_error', message: 'The server had an error' }),
  inside('no code', { message: 'Something went wrong' }),
  inside('text for an error', 'overloaded'),
  broken('broken JSON', 'a 200 whose JSON ends in the middle', (request) => ({
    body: JSON.stringify(honest(request).body).slice(0, -40),
  })),
  broken('cut body', 'a connection that breaks in the middle of the body', () => ({ cut: 'half' })),
  broken('reset', 'a connection that breaks before a byte of the answer', () => ({ cut: 'reset' })),
  broken('empty body', 'a 200 with nothing in it', () => ({ body: '' })),
  broken('page for an answer', 'a 200 with a web page in it', () => ({
    headers: { 'content-type': 'text/html' },
    body: '<html>Please log in</html>',
  })),
  broken('one vector fewer', 'a 200 with one vector fewer than asked for', (request) => {
    const { body } = honest(request);
    return { body: { ...body, data: body.data.slice(1) } };
  }),
  way(
    'lost, then from the cache',
    'a 502 after the work was charged; the byte-identical repeat comes from the response cache',
    () => ({ cache: true, reply: onceToHalf(() => proxyPage(502, { billed: true }))() }),
  ),
];
