import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isIPv6 } from 'node:net';
import { usageFault } from '../../fault.js';
import { listenOnFirst } from '../../local/temporal/ports.js';
import type { Health } from './health.js';

/** The customary port of OpenTelemetry's exporters for Prometheus. */
const DEFAULT_METRICS_PORT = 9464;
const LOOPBACK = '127.0.0.1';
const LOCAL_NAMES = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** `null`: any free port on loopback, 9464 first. Port 0: any free one. */
export type EndpointAddress = { host: string; port: number } | null;

export interface Endpoint {
  /** `http://127.0.0.1:9464`, without a path. */
  url: string;
  close(): Promise<void>;
}

export interface Sources {
  health(): Promise<Health>;
  metrics(): Promise<{ text: string; contentType: string }>;
}

/** Serves /healthz (200 or 503, JSON) and /metrics. Throws a usage Fault when the address is not available. */
export async function openEndpoint(address: EndpointAddress, sources: Sources): Promise<Endpoint> {
  const server = createServer(
    answerer(sources, address === null || LOCAL_NAMES.test(hostPart(address.host))),
  );
  // A scraper asks within milliseconds; a slower client only holds a connection.
  server.requestTimeout = 10_000;
  const { host, port } = address === null ? await listenAnywhere(server) : await listenAt(server, address);
  return {
    url: `http://${hostPart(host)}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const hostPart = (host: string): string => (isIPv6(host) ? `[${host}]` : host);

function answerer(sources: Sources, local: boolean): RequestListener {
  return async (request, response) => {
    const say = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    try {
      const path = request.url?.split('?')[0];
      // A web page whose name resolves to loopback must not read this (DNS rebinding).
      if (local && !LOCAL_NAMES.test(request.headers.host ?? ''))
        say(403, TEXT, 'called by another host name\n');
      else if (request.method !== 'GET' && request.method !== 'HEAD') say(405, TEXT, 'only GET and HEAD\n');
      else if (path === '/healthz') {
        const health = await sources.health();
        say(health.ok ? 200 : 503, 'application/json', `${JSON.stringify(health)}\n`);
      } else if (path === '/metrics') {
        const { text, contentType } = await sources.metrics();
        say(200, contentType, text);
      } else say(404, TEXT, 'here are /healthz and /metrics\n');
    } catch (error) {
      say(500, TEXT, `${(error as Error).message}\n`);
    }
  };
}

const TEXT = 'text/plain; charset=utf-8';

type Address = { host: string; port: number };

/** For several workers on one machine without a configured address: the first gets the customary port. */
const listenAnywhere = async (server: Server): Promise<Address> => ({
  host: LOOPBACK,
  port: await listenOnFirst(server, [DEFAULT_METRICS_PORT]),
});

const REASONS: Record<string, string> = {
  EADDRINUSE: 'is taken by another program',
  EACCES: 'cannot be opened by this user',
  EADDRNOTAVAIL: 'is no address of this machine',
  ENOTFOUND: 'is no address of this machine',
};

async function listenAt(server: Server, { host, port }: Address): Promise<Address> {
  try {
    return await listen(server, { host, port });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw usageFault(
      `EMBEDDINGS_METRICS_ADDRESS (--metrics-port): ${hostPart(host)}:${port} ${REASONS[code] ?? `cannot be listened on (${message})`}; choose another, 0 for any, or "off"`,
      error,
    );
  }
}

const listen = (server: Server, { host, port }: Address): Promise<Address> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve({ host, port: (server.address() as AddressInfo).port });
    });
  });
