import { createServer, type Socket } from 'node:net';
import { eachLine } from './lines.js';

/** Sent to a client once the server serves. */
export interface Served {
  address: string;
  uiUrl: string;
}

export interface LeaseServer {
  port: number;
  /** Number of leases held, including those that wait for the server. */
  held(): number;
  /** Answers every waiting lease. Null: the server is down, and later leases wait. */
  announce(served: Served | null): void;
  /** Tells every client why there will be no server, and closes. */
  refuse(reason: string): void;
  /** Takes no more leases and drops the existing ones; their holders look for another keeper. */
  close(): void;
}

/**
 * Opens a lease server on 127.0.0.1. A lease is a TCP connection, because the kernel closes it however its holder ends.
 * The client sends `<token> lease`, receives `wait` at once and `ready {…}` or `failed "…"` when that is known, and
 * ends with `bye`, or without it when it is killed. `<token> peek` receives `ready {…}` or `none` and holds no lease.
 */
export async function openLeaseServer(
  token: string,
  onLastEnd: (clean: boolean) => void,
): Promise<LeaseServer> {
  const leases = new Set<Socket>();
  let served: Served | null = null;
  let closed = false;
  const readyLine = (): string => `ready ${JSON.stringify(served)}\n`;

  const hold = (socket: Socket): (() => void) => {
    let clean = false;
    leases.add(socket);
    socket.on('close', () => {
      if (leases.delete(socket) && leases.size === 0 && !closed) onLastEnd(clean);
    });
    socket.write(served === null ? 'wait\n' : `wait\n${readyLine()}`);
    return () => {
      clean = true;
      socket.end();
    };
  };

  const server = createServer((socket) => {
    let end: (() => void) | null = null;
    socket.on('error', () => undefined);
    socket.setTimeout(5_000, () => socket.destroy());
    eachLine(socket, (line) => {
      if (end !== null) return void (line === 'bye' && end());
      socket.setTimeout(0);
      if (line === `${token} lease` && !closed) end = hold(socket);
      else if (line === `${token} peek`) socket.end(served === null ? 'none\n' : readyLine());
      else socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });

  const close = (lastWords?: string): void => {
    closed = true;
    server.close();
    for (const lease of leases) lastWords === undefined ? lease.destroy() : lease.end(lastWords);
    leases.clear();
  };
  return {
    port: (server.address() as { port: number }).port,
    held: () => leases.size,
    announce(now) {
      served = now;
      if (now !== null) for (const lease of leases) lease.write(readyLine());
    },
    refuse: (reason) => close(`failed ${JSON.stringify(reason)}\n`),
    close: () => close(),
  };
}
