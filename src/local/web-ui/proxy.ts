import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { listenOnFirst } from '../temporal/ports.js';
import { refusal } from './origin-guard.js';

/** For this time after its start the Web UI may not listen yet, or may not have found its server. Milliseconds. */
const UP_WITHIN_MS = 5000;
const TRY_AGAIN_MS = 50;

export interface Upstream {
  host: string;
  port: number;
}

export interface WebUiProxy {
  /** Its port on 127.0.0.1. */
  port: number;
  /** Sets where the Web UI is now; null: it is down. */
  point(at: Upstream | null): void;
  close(): void;
}

/**
 * Serves Temporal's Web UI for requests that the guard accepts, on the first free port of `wished` on 127.0.0.1, else
 * on any other.
 */
export async function openWebUiProxy(wished: readonly number[]): Promise<WebUiProxy> {
  let upstream: Upstream | null = null;
  let startsUntil = 0;
  const server = createServer((incoming, answer) => {
    const why = refusal(incoming);
    if (why !== null) return say(answer, 403, why);
    if (upstream === null) return say(answer, 503, "Temporal's server is not up at the moment");
    pass(incoming, answer, upstream, startsUntil);
  });
  // Refuses upgrades: the Web UI uses none, and the guard does not check them.
  server.on('upgrade', (_incoming, socket) => socket.destroy());
  const port = await listenOnFirst(server, wished);
  server.on('error', () => undefined);
  return {
    port,
    point(at) {
      upstream = at;
      startsUntil = performance.now() + UP_WITHIN_MS;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Forwards a request; one without a body is repeated until `until` (performance.now()) if the Web UI is not up. */
function pass(incoming: IncomingMessage, answer: ServerResponse, at: Upstream, until: number): void {
  const { method, url, headers } = incoming;
  const { host, port } = at;
  const mayAskAgain = (): boolean => !hasBody(incoming) && !answer.destroyed && performance.now() < until;
  let isOver = false;
  const askAgain = (): void => {
    isOver = true;
    answer.off('close', gone);
    setTimeout(() => answer.destroyed || pass(incoming, answer, at, until), TRY_AGAIN_MS);
  };
  const onward = request({ host, port, method, path: url, headers }, (response) => {
    if (response.statusCode === 503 && mayAskAgain()) {
      response.resume();
      askAgain();
      return;
    }
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
    response.on('error', () => answer.destroy());
  });
  const gone = (): void => void onward.destroy();
  onward.on('error', (error: NodeJS.ErrnoException) => {
    if (isOver || answer.destroyed) return;
    if (answer.headersSent) answer.destroy();
    else if (error.code === 'ECONNREFUSED' && mayAskAgain()) askAgain();
    else say(answer, 502, "Temporal's Web UI does not answer");
  });
  answer.on('close', gone);
  if (hasBody(incoming)) incoming.pipe(onward);
  else onward.end();
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

function say(answer: ServerResponse, status: number, text: string): void {
  answer.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  answer.end(`${text}\n`);
}
