import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A proxy for a server on loopback that limits the bytes a second of requests, but not of answers. */
export interface SlowLink {
  url: string;
  /** Bytes a second from now on. */
  setRate(rate: number): void;
  close(): Promise<void>;
}

const TICK_MS = 5;

export async function startSlowLink(target: string, bytesPerSecond: number): Promise<SlowLink> {
  const { hostname, port } = new URL(target);
  let rate = bytesPerSecond;
  const sockets = new Set<Socket>();
  /** All connections share the link. */
  let line = Promise.resolve();
  const server = createServer({ highWaterMark: 16_384 }, (client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    upstream.pipe(client);
    client.on('data', (chunk) => {
      client.pause();
      line = line.then(async () => {
        let before = performance.now();
        for (let left = chunk.length; left > 0 && !client.destroyed; ) {
          await wait(TICK_MS);
          const now = performance.now();
          left -= (rate * (now - before)) / 1000;
          before = now;
        }
        upstream.write(chunk);
        client.resume();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setRate(next) {
      rate = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
