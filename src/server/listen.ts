import { createServer, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener, RequestError } from '@hono/node-server';
import { usageFault } from '../fault.js';
import type { Refusal } from './refuse.js';

export interface Listening {
  host: string;
  port: number;
  /** Stops accepting requests and closes all connections. */
  close(): Promise<void>;
}

/** Bytes. Node refuses longer headers with no explanation; up to here our own errors say what is wrong with a query. */
const LONGEST_HEAD = 256 * 1024;
/** Limits how long a client that sends its headers byte by byte holds a connection. */
const HEAD_MS = 10_000;
/** The same for the whole request. The largest body has a megabyte. */
const REQUEST_MS = 60_000;

/** Starts listening. `port` 0: any free port. Throws a usage Fault with what to do when the address cannot be used. */
export async function listen(
  app: { fetch: (request: Request, bindings?: object) => Response | Promise<Response> },
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const limits = { maxHeaderSize: LONGEST_HEAD, headersTimeout: HEAD_MS, requestTimeout: REQUEST_MS };
  const server = createServer(
    limits,
    getRequestListener((request, bindings) => app.fetch(request, bindings), { errorHandler: answerTo }),
  );
  server.on('clientError', refuseUnread);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(faultOf(error, host, port)));
    server.listen({ host, port }, resolve);
  });
  const address = server.address();
  return {
    host,
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Returns the response to a request that Hono's adapter cannot convert, for example with an invalid Host header. */
function answerTo(error: unknown): Response {
  const isTheirs = error instanceof RequestError;
  return Response.json(
    isTheirs
      ? { code: 'malformed', detail: `the request cannot be read (${error.message}): correct its address` }
      : { code: 'failed', detail: 'the request failed; this may be temporary: try again' },
    { status: isTheirs ? 400 : 502 },
  );
}

const UNREAD: Readonly<Record<string, [number, Refusal]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    { code: 'too-large', detail: 'the address and the headers have more than 256 kB: send less' },
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    408,
    { code: 'timeout', detail: 'the request took too long to arrive: send it again' },
  ],
};

/** Answers a request that Node's parser refuses; Node itself would answer with no body. */
function refuseUnread({ code = '', message }: NodeJS.ErrnoException, socket: Duplex): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, refusal] = UNREAD[code] ?? [
    400,
    { code: 'malformed', detail: `the request is not HTTP (${message}): send it by HTTP` },
  ];
  const body = JSON.stringify(refusal);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const CAUSES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken, perhaps by another embeddings command: stop it, or choose another with --port',
  EACCES: 'cannot be opened by this user: choose one above 1024 with --port',
  EADDRNOTAVAIL: 'is no address of this machine: choose another with --host',
  ENOTFOUND: 'is no address of this machine: choose another with --host',
};

function faultOf(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const cause = CAUSES[error.code ?? ''];
  return cause === undefined ? error : usageFault(`${host}:${port} ${cause}`, error);
}
