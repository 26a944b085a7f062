/** Refuses requests that never reach the app: Node itself, or Hono's adapter, would answer them with no body. */

import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { RequestError } from '@hono/node-server';
import type { Refusal } from './refuse.js';

const MALFORMED: readonly [number, Refusal] = [
  400,
  { code: 'malformed', detail: 'the request is not valid HTTP/1.1: send it with an HTTP client' },
];

/** By the code of Node's error. */
const REFUSALS: Readonly<Record<string, readonly [number, Refusal]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    { code: 'too-large', detail: 'the address and the headers have more than 256 kB: send less' },
  ],
  HPE_INVALID_URL: [
    400,
    { code: 'malformed', detail: 'the address has characters that URLs cannot have: percent-encode them' },
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    408,
    { code: 'timeout', detail: 'the request took too long to arrive: send it again' },
  ],
};

/** Answers requests that Node's server refuses. */
export function refuseUnread(server: Server): void {
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Duplex) => {
    if (code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else end(socket, ...(REFUSALS[code] ?? MALFORMED));
  });
  server.on('checkExpectation', (_, response: ServerResponse) => {
    const refusal: Refusal = { code: 'expectation', detail: 'the Expect header cannot be met: leave it out' };
    const body = JSON.stringify(refusal);
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
    response.writeHead(417, headers).end(body);
  });
  server.on('connect', (_, socket: Duplex) =>
    end(socket, 405, { code: 'method', detail: 'this server is not a proxy: send GET, HEAD or POST' }),
  );
}

/** Returns the response to a request that Hono's adapter cannot convert, for example with an invalid Host header. */
export function refuseUnreadable(error: unknown): Response {
  const isTheirs = error instanceof RequestError;
  const refusal: Refusal = isTheirs
    ? { code: 'malformed', detail: 'the address or the Host header is missing or not valid: correct it' }
    : { code: 'failed', detail: 'the request failed; this may be temporary: try again' };
  return Response.json(refusal, { status: isTheirs ? 400 : 502 });
}

function end(socket: Duplex, status: number, refusal: Refusal): void {
  const body = JSON.stringify(refusal);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
