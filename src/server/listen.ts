import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { usageFault } from '../fault.js';
import { refuseUnread, refuseUnreadable } from './refuse-unread.js';

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
/** How often these two are checked. */
const CHECK_MS = 5000;

/** Starts listening. `port` 0: any free port. Throws a usage Fault with what to do when the address cannot be used. */
export async function listen(
  app: { fetch: (request: Request, bindings?: object) => Response | Promise<Response> },
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const limits = {
    maxHeaderSize: LONGEST_HEAD,
    headersTimeout: HEAD_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: CHECK_MS,
    // A request without Host is refused below, with a sentence.
    requireHostHeader: false,
  };
  const server = createServer(
    limits,
    getRequestListener((request, bindings) => app.fetch(request, bindings), {
      errorHandler: refuseUnreadable,
    }),
  );
  refuseUnread(server);
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
