import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

export interface Ports {
  grpc: number;
  ui: number;
}

const WEB_UI = 8233;

/** The earlier ports where still free, so that links and clients stay valid; else 8233 for the Web UI, and any others. */
export async function choosePorts(earlier: Ports | null): Promise<Ports> {
  const grpc = await firstFree([earlier?.grpc]);
  const ui = await firstFree([earlier?.ui, WEB_UI], grpc);
  return { grpc, ui };
}

/** The first of the wished ports that is free, else any other of 127.0.0.1 than `taken`. */
export async function firstFree(wished: Array<number | undefined>, taken?: number): Promise<number> {
  for (const port of wished) if (port !== undefined && port !== taken && (await isFree(port))) return port;
  for (let attempt = 0; attempt < 200; attempt++) {
    // Below the ephemeral range: there, a client that reconnects to its own loopback port can seize a dead server's.
    const port = randomInt(20_000, 32_000);
    if (port !== taken && (await isFree(port))) return port;
  }
  throw new Error('No free port between 20000 and 32000 on 127.0.0.1');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
