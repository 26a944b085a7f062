import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Listening, listen } from '../../src/server/listen.js';
import { appOf, type Stage, setStage } from './stage.js';

let stage: Stage;
let listening: Listening;
let reports: unknown[];
beforeAll(async () => {
  stage = await setStage(20);
  const over = appOf(stage.library);
  reports = over.reports;
  listening = await listen(over.app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await listening?.close();
  await stage?.close();
});

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };
const PONG = { jsonrpc: '2.0', id: 1, result: {} };
const HEADERS = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
const error = (id: unknown, code: number, message: unknown) => ({
  ...{ jsonrpc: '2.0', id },
  error: { code, message },
});

async function ask(init: RequestInit) {
  const response = await fetch(`http://127.0.0.1:${listening.port}/mcp`, init);
  const body = await response.text();
  return { status: response.status, headers: response.headers, body: body === '' ? null : JSON.parse(body) };
}
const post = (message: unknown, headers: Record<string, string> = {}) =>
  ask({ method: 'POST', headers: { ...HEADERS, ...headers }, body: JSON.stringify(message) });

const NO_ACCEPT = error(null, -32_000, 'answers are JSON: send Accept: application/json, text/event-stream');
const NO_TYPE = error(null, -32_000, 'a message is JSON: send Content-Type: application/json');

it.each(['text/html', 'text/event-stream', 'nothing'])('Accept: %s is refused', async (accept) => {
  expect(await post(PING, { accept })).toMatchObject({ status: 406, body: NO_ACCEPT });
});

it.each(['application/json', 'application/*', '*/*', 'text/event-stream, APPLICATION/JSON;q=0.5'])(
  'Accept: %s is answered by JSON',
  async (accept) => {
    expect(await post(PING, { accept })).toMatchObject({ status: 200, body: PONG });
  },
);

it.each(['text/plain', 'application/jsonp', 'text/plain; a=application/json', 'x'])(
  'Content-Type: %s is refused',
  async (type) => {
    expect(await post(PING, { 'content-type': type })).toMatchObject({ status: 415, body: NO_TYPE });
  },
);

it('Content-Type may name the charset, and must be there', async () => {
  expect(await post(PING, { 'content-type': 'application/json; charset=utf-8' })).toMatchObject({
    body: PONG,
  });
  const body = new TextEncoder().encode(JSON.stringify(PING));
  const { accept } = HEADERS;
  expect(await ask({ method: 'POST', headers: { accept }, body })).toMatchObject({
    status: 415,
    body: NO_TYPE,
  });
});

it.each(['GET', 'DELETE', 'PUT', 'PATCH', 'OPTIONS'])('%s is refused, and POST is named', async (method) => {
  const { status, headers, body } = await ask({ method, headers: { accept: 'text/event-stream' } });
  expect(status).toBe(405);
  expect(headers.get('allow')).toBe('POST');
  expect(body).toEqual({ code: 'method', detail: `/mcp accepts POST, not ${method}` });
});

const TOO_LARGE = {
  jsonrpc: '2.0',
  id: null,
  error: { code: -32_600, message: 'the request has more than a megabyte: send less' },
};

it('a huge body is refused, with its length known or not', async () => {
  const body = JSON.stringify({ ...PING, params: { x: 'x'.repeat(5_000_000) } });
  expect(await ask({ method: 'POST', headers: HEADERS, body })).toMatchObject({
    status: 413,
    body: TOO_LARGE,
  });
  const chunks = new Blob([body]).stream();
  expect(
    await ask({ method: 'POST', headers: HEADERS, body: chunks, duplex: 'half' } as RequestInit),
  ).toMatchObject({ status: 413, body: TOO_LARGE });
});

it.each(['', '{bad', '{"jsonrpc":"2.0"', '\u0000'])('the body %j is no JSON', async (body) => {
  expect(await ask({ method: 'POST', headers: HEADERS, body })).toMatchObject({
    status: 400,
    body: error(null, -32_700, 'the body is no JSON: send a message of JSON-RPC'),
  });
});

it('an unknown version of the protocol is refused, and the known ones are named', async () => {
  expect(await post(PING, { 'mcp-protocol-version': '1999-01-01' })).toMatchObject({
    status: 400,
    body: error(
      null,
      -32_000,
      expect.stringMatching(
        /^MCP-Protocol-Version 1999-01-01 is not spoken here: send one of 2025-11-25, 2025-06-18,/,
      ),
    ),
  });
  expect(await post(PING, { 'mcp-protocol-version': '2025-06-18' })).toMatchObject({ body: PONG });
});

it.each([
  ['null', null, 400, null, -32_600, 'a message must be an object, got null'],
  ['an empty list', [], 400, null, -32_600, 'the list of messages is empty: send one'],
  ['no method', { jsonrpc: '2.0' }, 400, null, -32_600, 'method is missing: give text'],
  ['no method, but an id', { jsonrpc: '2.0', id: 7 }, 200, 7, -32_600, 'method is missing: give text'],
  ['params of a list', { ...PING, params: [] }, 200, 1, -32_602, 'params must be an object, got a list'],
  [
    'an unknown method',
    { ...PING, method: 'pong' },
    200,
    1,
    -32_601,
    'there is no method pong: did you mean ping?',
  ],
  [
    'a call of nothing',
    { ...PING, method: 'tools/call', params: {} },
    200,
    1,
    -32_602,
    'params.name is missing: give text',
  ],
  ['two of one id', [PING, PING], 400, null, -32_600, 'two requests have the same id: give each its own'],
  [
    'a list too long',
    Array.from({ length: 101 }, (_, id) => ({ ...PING, id })),
    400,
    null,
    -32_600,
    'there are more than 100 messages: send fewer at once',
  ],
  [
    'initialize among others',
    [PING, { ...PING, id: 2, method: 'initialize' }],
    400,
    null,
    -32_600,
    'initialize is not alone: send it by itself',
  ],
])('%s is answered by a sentence', async (_, message, status, id, code, sentence) => {
  expect(await post(message)).toMatchObject({ status, body: error(id, code, sentence) });
});

it('a list of messages is answered by a list; one that cancels another changes nothing', async () => {
  const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
  const usage = { ...PING, id: 'u', method: 'tools/call', params: { name: 'usage' } };
  const { status, body } = await post([PING, usage, cancel, { ...PING, id: 3, method: 'pong' }]);
  expect(status).toBe(200);
  expect(body).toMatchObject([PONG, { id: 'u', result: { structuredContent: {} } }, { id: 3, error: {} }]);
  expect(await post([usage, { ...cancel, params: { requestId: 'u' } }])).toMatchObject({
    body: { id: 'u', result: {} },
  });
});

it('what wants no answer is accepted without one', async () => {
  for (const message of [
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { jsonrpc: '2.0', id: 1, result: {} },
    [{ jsonrpc: '2.0', method: 'notifications/nothing' }],
  ])
    expect(await post(message)).toMatchObject({ status: 202, body: null });
});

it('none of it was a failure of the server', () => {
  expect(reports).toEqual([]);
});
