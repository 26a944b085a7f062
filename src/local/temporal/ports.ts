import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface Ports {
  grpc: number;
  ui: number;
}

const WEB_UI = 8233;

const LOOK_AGAIN_MS = 25;
const LOOPBACK = '127.0.0.1';

/**
 * The earlier ports where still free, so that links and clients stay valid; else 8233 for the Web UI, and any others.
 * `patienceMs`: for how long the earlier gRPC port is waited for. A server that was killed is gone from the list of
 * processes before its port is free, and one that comes back elsewhere leaves every worker behind.
 */
export async function choosePorts(earlier: Ports | null, patienceMs = 10_000): Promise<Ports> {
  const grpc = await chooseGrpcPort(earlier?.grpc, patienceMs);
  const ui = await firstFree([earlier?.ui, WEB_UI], grpc);
  return { grpc, ui };
}

export async function chooseGrpcPort(earlier: number | undefined, patienceMs = 10_000): Promise<number> {
  const late = performance.now() + patienceMs;
  while (earlier !== undefined && !(await isFree(earlier)) && performance.now() < late)
    await delay(LOOK_AGAIN_MS);
  return firstFree([earlier]);
}

/**
 * Where the Web UI itself listens, behind our proxy: on an address of loopback that no page of the web can guess, where
 * the system has more than one (Linux).
 */
export async function chooseUpstream(): Promise<{ host: string; port: number }> {
  const host = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
  const port = randomInt(20_000, 32_000);
  return (await isFree(port, host)) ? { host, port } : { host: LOOPBACK, port: await firstFree([]) };
}

/** The first of the wished ports that is free, else any other of 127.0.0.1 than `taken`. */
export async function firstFree(wished: Array<number | undefined>, taken?: number): Promise<number> {
  for (const port of wished) if (port !== undefined && port !== taken && (await isFree(port))) return port;
  for (let attempt = 0; attempt < 200; attempt++) {
    // Below the ephemeral range: there, a client that reconnects to its own loopback port can seize a dead server's.
    const port = randomInt(20_000, 32_000);
    if (port !== taken && (await isFree(port))) return port;
  }
  throw new Error(`No free port between 20000 and 32000 on ${LOOPBACK}`);
}

function isFree(port: number, host = LOOPBACK): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
