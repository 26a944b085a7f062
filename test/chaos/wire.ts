import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP line to another server that can fall silent without being cut. */
export interface Wire {
  /** host:port. */
  address: string;
  /** From now on no byte passes in either direction. */
  freeze(): void;
  /** Ends all connections; new ones are taken. */
  cut(): void;
  close(): Promise<void>;
}

export async function startWire(to: string): Promise<Wire> {
  const [host = '', port = ''] = to.split(':');
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => frozen || into.write(bytes));
      from.on('error', () => undefined);
      from.on('close', () => into.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    freeze: () => {
      frozen = true;
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
