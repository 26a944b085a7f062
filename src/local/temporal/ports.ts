import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface Ports {
  grpc: number;
  ui: number;
}

const WEB_UI = 8233;

const LOOK_AGAIN_MS = 25;

/**
 * The earlier ports where still free, so that links and clients stay valid; else 8233 for the Web UI, and any others.
 * `patienceMs`: for how long the earlier gRPC port is waited for. A server that was killed is gone from the list of
 * processes before its port is free, and one that comes back elsewhere leaves every worker behind.
 */
export async function choosePorts(earlier: Ports | null, patienceMs = 10_000): Promise<Ports> {
  const late = Date.now() + patienceMs;
  while (earlier !== null && !(await isFree(earlier.grpc)) && Date.now() < late) await delay(LOOK_AGAIN_MS);
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
