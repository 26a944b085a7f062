import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface Ports {
  grpc: number;
  ui: number;
}

const LOOK_AGAIN_MS = 25;
const LOOPBACK = '127.0.0.1';

/**
 * Returns the earlier port if it is free, else any other. Waits for the earlier port up to `patienceMs`: a killed
 * server leaves the process list before its port is free, and a server on another port loses every worker.
 */
export async function chooseGrpcPort(earlier: number | undefined, patienceMs = 10_000): Promise<number> {
  const late = performance.now() + patienceMs;
  while (earlier !== undefined && !(await isFree(earlier)) && performance.now() < late)
    await delay(LOOK_AGAIN_MS);
  return firstFree([earlier]);
}

/**
 * Returns where the Web UI itself listens, behind our proxy: a loopback address that no web page can guess, if the
 * system has more than one (Linux).
 */
export async function chooseUpstream(): Promise<{ host: string; port: number }> {
  const host = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
  const port = randomInt(20_000, 32_000);
  return (await isFree(port, host)) ? { host, port } : { host: LOOPBACK, port: await firstFree([]) };
}

/**
 * Returns the first free port of `wished`, else any other on 127.0.0.1. Another program may take the port before it is
 * used, so a server of this process uses `listenOnFirst` instead.
 */
export async function firstFree(wished: readonly Wished[]): Promise<number> {
  for (const port of candidates(wished)) if (await isFree(port)) return port;
  throw noneFree();
}

/** Listens on the first free port of `wished` on 127.0.0.1, else on any other. Resolves with the port. */
export async function listenOnFirst(server: Server, wished: readonly Wished[]): Promise<number> {
  for (const port of candidates(wished)) {
    try {
      await listen(server, port, LOOPBACK);
      return port;
    } catch (error) {
      if (!['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  throw noneFree();
}

type Wished = number | undefined;

function* candidates(wished: readonly Wished[]): Generator<number> {
  for (const port of wished) if (port !== undefined) yield port;
  // Below the ephemeral range. In that range, a client that reconnects to its own loopback port can take a dead
  // server's.
  for (let attempt = 0; attempt < 200; attempt++) yield randomInt(20_000, 32_000);
}

const noneFree = (): Error => new Error(`No free port between 20000 and 32000 on ${LOOPBACK}`);

async function isFree(port: number, host = LOOPBACK): Promise<boolean> {
  const server = createServer();
  try {
    await listen(server, port, host);
  } catch {
    return false;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
