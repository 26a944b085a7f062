import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Listening, listen } from '../../src/server/listen.js';

let listening: Listening;
beforeAll(async () => {
  listening = await listen({ fetch: () => new Response('fine') }, { host: '127.0.0.1', port: 0 });
});
afterAll(() => listening.close());

/** Sends bytes and returns the status and the body of the answer. */
const send = (bytes: string): Promise<{ status: number; body: { code: string; detail: string } }> =>
  new Promise((resolve, reject) => {
    const socket = connect(listening.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      text += part;
    });
    socket.on('error', reject);
    socket.on('end', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n');
      resolve({ status: Number(head.split(' ')[1]), body: JSON.parse(body) });
    });
  });

const CLOSE = 'Connection: close\r\n\r\n';

it.each([
  ['a Host that is none', `GET / HTTP/1.1\r\nHost: a/b@c\r\n${CLOSE}`, 400, 'malformed', /Host header/],
  [
    'no Host',
    `GET / HTTP/1.1\r\n${CLOSE}`,
    400,
    'malformed',
    /the Host header is missing or not valid: correct it/,
  ],
  [
    'an address that is not encoded',
    `GET /\u00e9 HTTP/1.1\r\nHost: localhost\r\n${CLOSE}`,
    400,
    'malformed',
    /percent-encode them$/,
  ],
  [
    'an expectation',
    `GET / HTTP/1.1\r\nHost: localhost\r\nExpect: nonsense\r\n${CLOSE}`,
    417,
    'expectation',
    /leave it out$/,
  ],
  ['a tunnel', `CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n${CLOSE}`, 405, 'method', /is not a proxy/],
  [
    'an address that is none',
    `GET nothing HTTP/1.1\r\nHost: localhost\r\n${CLOSE}`,
    400,
    'malformed',
    /URLs cannot have: percent-encode/,
  ],
  ['what is not HTTP', 'hello\r\n\r\n', 400, 'malformed', /not valid HTTP/],
  [
    'too many headers',
    `GET / HTTP/1.1\r\nHost: localhost\r\nx: ${'x'.repeat(300_000)}\r\n${CLOSE}`,
    431,
    'too-large',
    /256 kB: send less/,
  ],
])('%s is refused with a sentence', async (_, bytes, status, code, detail) => {
  const answer = await send(bytes);
  expect(answer).toMatchObject({ status, body: { code, detail: expect.stringMatching(detail) } });
});
